/** What the HTTP/2 connections of one listener share. @module */

import type { Client } from "../../core/exchange.ts";
import type { BufferPool } from "../../transport/buffer_pool.ts";
import type { EngineHost } from "../engine.ts";
import type { Sweep, Swept } from "../pace/sweep.ts";
import type { H2Exchange } from "./h2_exchange.ts";
import type { H2ReplyHeads } from "./reply_heads.ts";
import type { H2RequestReader } from "./request_reader.ts";

/** The seam between an HTTP/2 connection and its listener: what `ListenerService` is to HTTP/1.1. */
export interface H2Service {
  readonly host: EngineHost;
  readonly h2Reader: H2RequestReader;
  readonly h2Heads: H2ReplyHeads;
  readonly sweep: Sweep;
  /** Buffers of 64 KiB, at least as large as a frame. */
  readonly buffers: { readonly usual: BufferPool };
  /** Milliseconds. */
  readonly timeouts: {
    readonly header: number;
    readonly idle: number;
    readonly body: number;
    readonly write: number;
  };
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
  ended(exchange: H2Exchange, status: number, bytesOut: number): void;
  /** A connection is closed. */
  closed(connection: Swept & { readonly client: Client }): void;
}
