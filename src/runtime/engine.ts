/** The seam between the gateway and what terminates HTTP. @module */

import type { Exchange } from "../core/exchange.ts";
import type { MaybePromise } from "../core/handler.ts";
import type { Reply } from "../core/reply.ts";
import type { ListenerReport } from "./listener_report.ts";

/** What an engine asks of the gateway. */
export interface EngineHost {
  /** Answers an exchange by the plan in force. It may throw: the engine then asks {@link crashed}. */
  handle(exchange: Exchange): MaybePromise<Reply>;
  /** Answers an exchange that is one too many, at little cost. As {@link handle}. */
  overloaded(exchange: Exchange): MaybePromise<Reply>;
  /** Answers without asking anybody: a refusal, most of the time. */
  local(exchange: Exchange, answer: (exchange: Exchange) => Reply): Reply;
  /** The reply for a handler that threw; the cause goes to the log. */
  crashed(exchange: Exchange, cause: unknown): Reply;
  /** The exchange is over: its last byte is out, or it broke off. `status` is 499 when the client left before an answer. */
  completed(exchange: Exchange, status: number, bytesIn: number, bytesOut: number): void;
  /** Whether answers should tell clients to close: the gateway is about to stop. */
  readonly draining: boolean;
  /** The request id's field, in lower case. */
  readonly requestIdField: string;
}

/** A running listener. */
export interface Engine {
  readonly address: { readonly hostname: string; readonly port: number };
  /** Whether it takes connections. */
  readonly listening: boolean;
  /** Requests so far. */
  readonly requests: number;
  /** What there is to know of it now. */
  report(): ListenerReport;
  /** Takes no more connections and resolves when every exchange is over. */
  drain(): Promise<void>;
  /** Gives up whatever is under way: what is not answered yet gets 503, bodies are cut. */
  abort(): void;
}
