/** A policy that has a request in its hands. @module */

import type { RecordedSpan } from "./recorded_span.ts";
import type { RecordedTrace } from "./recorded_trace.ts";

/** A policy in the plan. */
export interface PolicyNode {
  readonly id: string;
  readonly kind: string;
}

/** The time from when a policy is given an exchange until it lets it go on, or answers. Its span is made when it is worth one. */
export class PolicyHold {
  readonly node: PolicyNode;
  /** Whether it has the exchange for longer than one call. */
  waits = false;
  /** Whether it has let the exchange go on, or answered. */
  over = false;
  readonly #trace: RecordedTrace;
  readonly #startedAt: number;
  #span: RecordedSpan | null = null;

  constructor(trace: RecordedTrace, node: PolicyNode, startedAt: number) {
    this.#trace = trace;
    this.node = node;
    this.#startedAt = startedAt;
  }

  /** Its span: who asks for it finds it worth one. */
  get span(): RecordedSpan {
    return this.#span ??= this.#begin();
  }

  /** It lets the exchange go on. @param acting whether that shows by itself */
  pass(acting: boolean): void {
    if (acting || this.#span !== null) this.span.set({ "gatewright.policy.outcome": "passed" });
    this.#end();
  }

  /** It has answered by itself. @param error of the answer, or `""` */
  answer(status: number, error: string, reason: string): void {
    if (this.over) return;
    const { span } = this;
    span.set({ "gatewright.policy.outcome": "answered", "http.response.status_code": status });
    if (reason !== "") span.set({ "gatewright.reason": reason });
    if (status >= 500) span.fail(error === "" ? String(status) : error);
    else if (error !== "") span.set({ "error.type": error });
    this.#end();
  }

  throw(cause: unknown): void {
    if (this.over) return;
    this.span.set({ "gatewright.policy.outcome": "failed" });
    this.span.threw(cause);
    this.#end();
  }

  #begin(): RecordedSpan {
    const { span, record } = this.#trace, { id, kind } = this.node;
    return record.maker.begin({
      name: kind,
      startedAt: this.#startedAt,
      attributes: { "gatewright.policy.id": id, "gatewright.policy.kind": kind },
    }, span.context);
  }

  #end(): void {
    this.over = true;
    if (this.#trace.hold === this) this.#trace.hold = null;
    this.#span?.end();
  }
}
