/** The engine on `Deno.serve`: HTTP/1.1 and HTTP/2 by the runtime. @module */

import { type Body, BodyError, isBodySource } from "../../core/body.ts";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import { HeaderList } from "../../core/header_list.ts";
import { Reply } from "../../core/reply.ts";
import type { TimerWheel } from "../../core/timer_wheel.ts";
import { problem } from "../../http/problem.ts";
import { bodyFaultCode, CLIENT_CLOSED } from "../body_faults.ts";
import type { Engine, EngineHost } from "../engine.ts";
import { overloadReply } from "../intake/overload.ts";
import { ServeListener } from "./listener.ts";
import type { ServeRequests } from "./requests.ts";
import { headBody, sendsBody, toResponse } from "./response.ts";
import { ResponseStream, type StreamEnding } from "./response_stream.ts";
import type { ServeExchange } from "./serve_exchange.ts";

/** Milliseconds after which a pending exchange starts to watch for its client leaving. Watching costs more than most requests. */
const WATCH_AFTER = 50;

/** What the engine needs of the gateway's world. */
export interface ServeEngineOptions {
  readonly listen: { readonly hostname: string; readonly port: number };
  /** Most exchanges under way. */
  readonly maxInFlight: number;
  readonly host: EngineHost;
  readonly requests: ServeRequests;
  readonly deadlines: TimerWheel;
  readonly clock: Clock;
  readonly log: Log;
}

/** Serves exchanges through `Deno.serve`. */
export class ServeEngine implements Engine {
  readonly #host: EngineHost;
  readonly #reader: ServeRequests;
  readonly #deadlines: TimerWheel;
  readonly #maxInFlight: number;
  readonly #listener: ServeListener;
  /** Exchanges that have been waiting for longer than most. */
  readonly #watched = new Set<ServeExchange>();
  readonly #streams = new Set<ResponseStream>();
  /** Whether whatever is still under way is given up. */
  #cutting = false;
  #count = 0;
  /** Exchanges that are not over. */
  #open = 0;
  readonly #idle = Promise.withResolvers<void>();
  #draining = false;

  /** Listens at once. @throws the runtime's error, such as `Deno.errors.AddrInUse` */
  constructor(options: ServeEngineOptions) {
    this.#host = options.host;
    this.#reader = options.requests;
    this.#deadlines = options.deadlines;
    this.#maxInFlight = options.maxInFlight;
    this.#listener = new ServeListener(
      options.listen,
      (request, info) => this.#serve(request, info),
      options.clock,
      options.log,
    );
  }

  get address(): { readonly hostname: string; readonly port: number } {
    return this.#listener.address;
  }

  get requests(): number {
    return this.#count;
  }

  get listening(): boolean {
    return this.#listener.listening;
  }

  async drain(): Promise<void> {
    this.#draining = true;
    await this.#listener.drain();
    // Exchanges may stem from a listener that died and was replaced: nobody but this count knows of them.
    if (this.#open > 0) await this.#idle.promise;
  }

  abort(): void {
    this.#cutting = true;
    for (const exchange of [...this.#watched]) exchange.abort();
    for (const stream of [...this.#streams]) stream.cut(new Error("the gateway stops"));
    this.#listener.drain().catch(() => {});
  }

  #serve(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Response | Promise<Response> {
    this.#count++;
    this.#open++;
    const exchange = this.#reader.open(request, info.remoteAddr, this.address);
    if (exchange.local !== null) return this.#respond(exchange, exchange.local);
    if (this.#open > this.#maxInFlight) return this.#respond(exchange, overloadReply(exchange));
    let reply;
    try {
      reply = this.#host.handle(exchange);
    } catch (cause) {
      reply = this.#host.crashed(exchange, cause);
    }
    return reply instanceof Promise ? this.#wait(exchange, reply) : this.#respond(exchange, reply);
  }

  #wait(exchange: ServeExchange, pending: Promise<Reply>): Promise<Response> {
    const watch = this.#deadlines.after(WATCH_AFTER, () => this.#watch(exchange), exchange.startedAt);
    const settle = (reply: Reply) => {
      watch.cancel();
      if (this.#watched.size > 0) this.#watched.delete(exchange);
      return this.#respond(exchange, reply);
    };
    return pending.then(settle, (cause) => settle(this.#host.crashed(exchange, cause)));
  }

  /** The signal is armed late, and still says so when the client has gone by now. */
  #watch(exchange: ServeExchange): void {
    this.#watched.add(exchange);
    const { signal } = exchange.request;
    if (signal.aborted || this.#cutting) exchange.abort();
    else signal.addEventListener("abort", () => exchange.abort(), { once: true });
  }

  /** Answers; a reply that cannot be sent, such as one with a status that a policy made up, is a crash of its maker. */
  #respond(exchange: ServeExchange, reply: Reply): Response {
    try {
      return this.#send(exchange, reply);
    } catch (cause) {
      if (isBodySource(reply.body)) reply.body.cancel();
      return this.#send(exchange, this.#host.crashed(exchange, cause));
    }
  }

  #send(exchange: ServeExchange, reply: Reply): Response {
    const { body } = reply, { method } = exchange;
    if (exchange.error === "request_body_failed" && exchange.bodyCutByLeaving) exchange.abort();
    if (exchange.aborted) return this.#giveUp(exchange, body);
    const sent = sendsBody(method, reply.status);
    if (isBodySource(body) && sent) {
      const stream: ResponseStream = new ResponseStream(body, (ending, bytes, cause) => {
        this.#streams.delete(stream);
        this.#ended(exchange, reply.status, ending, bytes, cause);
      });
      const response = this.#toResponse(exchange, reply, stream.stream);
      this.#streams.add(stream);
      return response;
    }
    const bytes = sent && body instanceof Uint8Array ? body : null;
    const response = this.#toResponse(exchange, reply, method === "HEAD" ? headBody(reply) : bytes);
    if (isBodySource(body)) body.cancel();
    this.#complete(exchange, reply.status, bytes === null ? 0 : bytes.length);
    return response;
  }

  #toResponse(exchange: ServeExchange, reply: Reply, body: Uint8Array | ReadableStream<Uint8Array> | null): Response {
    const { requestId, method } = exchange, { requestIdField, draining } = this.#host;
    return toResponse(reply, body, method, { requestIdField, requestId, close: draining });
  }

  /** Nobody waits for the answer any more, or it is cut because the gateway stops. */
  #giveUp(exchange: ServeExchange, body: Body): Response {
    if (isBodySource(body)) body.cancel();
    const { requestId } = exchange;
    const reply = this.#cutting
      ? problem({ status: 503, code: "shutting_down", detail: "The gateway stops.", requestId })
      : new Reply(CLIENT_CLOSED, HeaderList.of(), null);
    exchange.error = this.#cutting ? "shutting_down" : "client_closed_request";
    this.#complete(exchange, reply.status, 0);
    return this.#toResponse(exchange, reply, reply.body as Uint8Array | null);
  }

  #complete(exchange: ServeExchange, status: number, bytesOut: number): void {
    // What nobody read of the request is given back to the runtime.
    exchange.source?.cancel();
    this.#host.completed(exchange, status, exchange.bytesIn, bytesOut);
    if (--this.#open === 0 && this.#draining) this.#idle.resolve();
  }

  /** A streamed body is over. */
  #ended(exchange: ServeExchange, status: number, ending: StreamEnding, bytesOut: number, cause?: unknown): void {
    if (ending === "cancelled") {
      exchange.error = "client_closed_request";
      exchange.abort();
    } else if (ending === "broken") {
      exchange.error = this.#cutting && !(cause instanceof BodyError) ? "shutting_down" : bodyFaultCode(cause);
    }
    this.#complete(exchange, ending === "cancelled" ? CLIENT_CLOSED : status, bytesOut);
  }
}
