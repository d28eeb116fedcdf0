/** The engine on `Deno.serve`: HTTP/1.1 and HTTP/2 by the runtime. @module */

import { BodyError, type BodyFault, isBodySource } from "../../core/body.ts";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { Reply } from "../../core/reply.ts";
import type { TimerWheel } from "../../core/timer_wheel.ts";
import type { Engine, EngineHost } from "../engine.ts";
import { ServeListener } from "./listener.ts";
import type { ServeRequests } from "./requests.ts";
import { toResponse } from "./response.ts";
import type { ServeExchange } from "./serve_exchange.ts";

/** Milliseconds after which a pending exchange starts to watch for its client leaving. Watching costs more than most requests. */
const WATCH_AFTER = 50;

/** What logs say when nobody was left to answer: nginx's status. */
const CLIENT_CLOSED = 499;

/** What logs say of a body that broke off after its head was out. */
const BODY_FAULTS: { readonly [fault in BodyFault]: string } = {
  client: "client_closed_request",
  endpoint: "upstream_body_broken",
  timeout: "upstream_body_timeout",
  "too-large": "body_too_large",
};

/** What the engine needs of the gateway's world. */
export interface ServeEngineOptions {
  readonly listen: { readonly hostname: string; readonly port: number };
  readonly host: EngineHost;
  readonly requests: ServeRequests;
  readonly deadlines: TimerWheel;
  readonly clock: Clock;
  readonly log: Log;
}

/** Serves exchanges through `Deno.serve`. */
export class ServeEngine implements Engine {
  readonly #host: EngineHost;
  readonly #requests: ServeRequests;
  readonly #deadlines: TimerWheel;
  readonly #listener: ServeListener;

  /** Listens at once. @throws the runtime's error, such as `Deno.errors.AddrInUse` */
  constructor(options: ServeEngineOptions) {
    this.#host = options.host;
    this.#requests = options.requests;
    this.#deadlines = options.deadlines;
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

  get listening(): boolean {
    return this.#listener.listening;
  }

  drain(): Promise<void> {
    return this.#listener.drain();
  }

  abort(): Promise<void> {
    return this.#listener.abort();
  }

  #serve(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Response | Promise<Response> {
    const exchange = this.#requests.open(request, info.remoteAddr, this.address.port);
    if (exchange.refusal !== null) return this.#respond(exchange, exchange.refusal);
    let reply;
    try {
      reply = this.#host.handle(exchange);
    } catch (cause) {
      reply = this.#host.crashed(exchange, cause);
    }
    return reply instanceof Promise ? this.#wait(exchange, reply) : this.#respond(exchange, reply);
  }

  #wait(exchange: ServeExchange, pending: Promise<Reply>): Promise<Response> {
    const watch = this.#deadlines.after(WATCH_AFTER, () => watchClient(exchange));
    return pending.then((reply) => {
      watch.cancel();
      return this.#respond(exchange, reply);
    }, (cause) => {
      watch.cancel();
      return this.#respond(exchange, this.#host.crashed(exchange, cause));
    });
  }

  #respond(exchange: ServeExchange, reply: Reply): Response {
    const { body } = reply;
    if (exchange.aborted) {
      if (isBodySource(body)) body.cancel();
      this.#host.completed(exchange, CLIENT_CLOSED, exchange.bytesIn, 0);
      return new Response(null, { status: CLIENT_CLOSED });
    }
    const extras = {
      requestIdField: this.#host.requestIdField,
      requestId: exchange.requestId,
      close: this.#host.draining,
    };
    if (isBodySource(body)) {
      return toResponse(reply, exchange.method, extras, (...end) => this.#ended(exchange, reply.status, ...end));
    }
    const response = toResponse(reply, exchange.method, extras, ignoreEnd);
    this.#host.completed(
      exchange,
      reply.status,
      exchange.bytesIn,
      body === null || exchange.method === "HEAD" ? 0 : body.length,
    );
    return response;
  }

  /** A streamed body is over. */
  #ended(
    exchange: ServeExchange,
    status: number,
    end: "complete" | "broken" | "cancelled",
    bytesOut: number,
    cause?: unknown,
  ): void {
    if (end === "cancelled") {
      exchange.error = "client_closed_request";
      exchange.abort();
    } else if (end === "broken") {
      exchange.error = cause instanceof BodyError ? BODY_FAULTS[cause.fault] : "body_failed";
    }
    this.#host.completed(exchange, end === "cancelled" ? CLIENT_CLOSED : status, exchange.bytesIn, bytesOut);
  }
}

/** The signal is armed late, and still says so when the client has gone by now. */
function watchClient(exchange: ServeExchange): void {
  const { signal } = exchange.request;
  if (signal.aborted) exchange.abort();
  else signal.addEventListener("abort", () => exchange.abort(), { once: true });
}

function ignoreEnd(): void {}
