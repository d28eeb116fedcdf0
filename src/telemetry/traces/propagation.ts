/** How traces come in with requests, and go on with them. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Random } from "../../core/random.ts";
import type { Propagator, TracesPlan } from "../telemetry_plan.ts";
import { type ContextLines, contextLines } from "./context/context_lines.ts";
import { newSpanId, newTraceId } from "./context/new_ids.ts";
import { fieldNames, readContext } from "./context/read_context.ts";
import { flagsToSend, NO_TRACE, type TraceContext } from "./context/trace_context.ts";
import { UserWork } from "./user_work.ts";

/** Reads, makes and writes what tells of traces. */
export class Propagation {
  /** Names, in lower case, of the fields that it reads or writes. */
  readonly fields: readonly string[];
  /** To whose functions traces go on as well. */
  readonly users = new UserWork();
  readonly #accept: TracesPlan["accept"];
  readonly #propagators: readonly Propagator[];
  readonly #lines: ContextLines;
  readonly #random: Random;

  constructor({ accept, propagate }: Pick<TracesPlan, "accept" | "propagate">, random: Random) {
    this.fields = fieldNames(propagate);
    this.#accept = accept;
    this.#propagators = propagate;
    this.#lines = contextLines(propagate);
    this.#random = random;
  }

  /** What the client says, where it is listened to. */
  read({ client, headers }: Exchange): TraceContext {
    if (this.#accept === "none" || (this.#accept === "trusted" && !client.trusted)) return NO_TRACE;
    return readContext(headers, this.#propagators) ?? NO_TRACE;
  }

  newTraceId(): string {
    return newTraceId(this.#random);
  }

  newSpanId(): string {
    return newSpanId(this.#random);
  }

  /** Field lines for the next process. @param from what has been read of the trace */
  lines(traceId: string, spanId: string, sampled: boolean, from: TraceContext): string {
    return this.#lines(traceId, spanId, flagsToSend(from.flags, sampled), from);
  }
}
