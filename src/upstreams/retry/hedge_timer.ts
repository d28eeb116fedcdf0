/** When a second request is sent beside a first that takes long. @module */

import { isBodySource } from "../../core/body.ts";
import type { Cancel } from "../../core/clock.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Hop, HopHedge } from "../hop.ts";
import { isRepeatable } from "./may_repeat.ts";

/** Measures the delay of one exchange's hedges. */
export class HedgeTimer {
  readonly #hop: Hop;
  readonly #hedge: HopHedge;
  readonly #exchange: Exchange;
  readonly #onDue: () => void;
  #due = 0;
  #cancel: Cancel | null = null;

  constructor(hop: Hop, hedge: HopHedge, exchange: Exchange, onDue: () => void) {
    this.#hop = hop;
    this.#hedge = hedge;
    this.#exchange = exchange;
    this.#onDue = onDue;
  }

  /** A request goes out: another may be due in a while. @param alone whether it is the only one, from which to count then */
  start(alone: boolean): void {
    const hedge = this.#hedge;
    if (alone) this.cancel();
    if (this.#cancel !== null || this.#due >= hedge.max || !this.#mayHedge()) return;
    const after = typeof hedge.after === "number" ? hedge.after : hedge.latencies!.value;
    if (after === null) return;
    this.#cancel = this.#hop.env.clock.after(after, () => {
      this.#cancel = null;
      this.#due++;
      this.#onDue();
    });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Only what is at hand can be sent twice at once, and only its own endpoint knows a client that a cookie leads. */
  #mayHedge(): boolean {
    const { upgrade, body } = this.#exchange;
    return upgrade === "" && !isBodySource(body) && isRepeatable(this.#exchange) &&
      !this.#hop.upstream.leads(this.#exchange);
  }
}
