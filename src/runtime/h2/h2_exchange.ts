/** An exchange that came over HTTP/2. @module */

import type { HttpVersion } from "../../core/exchange.ts";
import { ReceivedExchange } from "../intake/received_exchange.ts";

/** An exchange with what its stream must remember of it. */
export class H2Exchange extends ReceivedExchange {
  override httpVersion: HttpVersion = "2";
  /** Bytes of the body as `content-length` says, `undefined` where it does not. */
  length: number | undefined = undefined;
  /** Bytes of the body that were received. */
  bytesIn = 0;
}
