/** An exchange that came over HTTP/2. @module */

import { Exchange, type HttpVersion } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import type { Informer } from "../h1/h1_exchange.ts";

/** An exchange with what its stream must remember of it. */
export class H2Exchange extends Exchange {
  override httpVersion: HttpVersion = "2";
  /** Bytes of the body as `content-length` says, `undefined` where it does not. */
  length: number | undefined = undefined;
  /** The answer, where the request is not acceptable or is answered by the engine itself. */
  local: Reply | null = null;
  /** Bytes of the body that were received. */
  bytesIn = 0;
  /** Who carries interim answers. */
  informer: Informer | null = null;

  override inform(status: number, fields: readonly string[]): void {
    this.informer?.inform(status, fields);
  }
}
