/** What a connection is given and whom it tells. @module */

import type { TimerWheel } from "../core/timer_wheel.ts";
import type { HeadScanner } from "../http/head_scanner.ts";
import type { BufferPool } from "./buffer_pool.ts";
import type { ByteSlab } from "./byte_slab.ts";
import type { Connection } from "./connection.ts";

/** What connections of one client share. */
export interface ConnectionShared {
  readonly deadlines: TimerWheel;
  readonly scanner: HeadScanner;
  /** For outgoing heads and body pieces. */
  readonly buffers: BufferPool;
  /** For bodies that are here with their heads. */
  readonly slab: ByteSlab;
  /** Aborted to give up the connections that are being opened. */
  readonly opening: Set<AbortController>;
}

/** Who is told when a connection is free again or gone. */
export interface ConnectionOwner {
  /** It has answered and may serve another request. */
  onFree(connection: Connection): void;
  /** It is closed, whether in use or idle. */
  onGone(connection: Connection): void;
}
