/** What the connections of one listener share. @module */

import type { ListenerPlan } from "../../compile/plan.ts";
import type { ByteSlab } from "../../transport/byte_slab.ts";
import type { EngineHost } from "../engine.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { H1Exchange } from "./h1_exchange.ts";
import type { PieceBuffers } from "./reply_stream.ts";
import type { ReplyHeads } from "./reply_head.ts";
import type { RequestReader } from "./request_reader.ts";
import type { Sweep } from "../pace/sweep.ts";

/** The seam between a connection and its listener. */
export interface ListenerService {
  readonly host: EngineHost;
  readonly reader: RequestReader;
  readonly heads: ReplyHeads;
  readonly sweep: Sweep;
  readonly buffers: PieceBuffers;
  /** For bodies that are here with their heads. */
  readonly slab: ByteSlab;
  /** Milliseconds. */
  readonly timeouts: ListenerPlan["timeouts"];
  readonly limits: {
    readonly headerBytes: number;
    readonly body: number;
    /** Bytes a second. */
    readonly minRate: number;
  };
  /** Whether more requests are under way than may be. */
  readonly overloaded: boolean;
  /** An exchange begins. */
  began(): void;
  /** An exchange is over; `status` as logs say it. */
  ended(exchange: H1Exchange, status: number, bytesOut: number): void;
  /** A connection is closed. */
  closed(connection: ClientConnection): void;
}
