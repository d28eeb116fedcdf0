/** An exchange as an engine has received it. @module */

import { Exchange } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import { type Refusal, refusalReply } from "./refusal.ts";

/** What only the connection knows how to do. */
export interface Informer {
  inform(status: number, fields: readonly string[]): void;
}

/** An exchange with what every engine must remember of it. */
export class ReceivedExchange extends Exchange {
  /** Makes the answer, where the request is not acceptable or is answered by the engine itself. */
  local: ((exchange: Exchange) => Reply) | null = null;
  /** Who carries interim answers; `null` where nobody can, or the answer is out. */
  informer: Informer | null = null;

  override inform(status: number, fields: readonly string[]): void {
    this.informer?.inform(status, fields);
  }

  /** Answers it by refusing it. */
  refuse(refusal: Refusal): this {
    this.local = (exchange) => refusalReply(refusal, exchange);
    this.error = refusal.code;
    return this;
  }
}
