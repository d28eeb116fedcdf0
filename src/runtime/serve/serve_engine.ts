/** The engine on `Deno.serve`: HTTP/1.1 and HTTP/2 by the runtime. @module */

import { type CertificateEnd, certificateEnds } from "../../config/certificates/certificate_ends.ts";
import { BodyError, isBodySource } from "../../core/body.ts";
import type { ByteStream } from "../../core/byte_stream.ts";
import type { Clock } from "../../core/clock.ts";
import { HeaderList } from "../../core/header_list.ts";
import type { Log } from "../../core/log.ts";
import type { NetAddress } from "../../core/net_address.ts";
import type { Failed } from "../../core/outcome.ts";
import { Reply } from "../../core/reply.ts";
import type { TimerWheel } from "../../core/timer_wheel.ts";
import { failureReply } from "../../upstreams/failure_reply.ts";
import { bodyFaultCode, CLIENT_CLOSED } from "../body_faults.ts";
import type { Engine, EngineHost } from "../engine.ts";
import type { ListenerReport } from "../listener_report.ts";
import { dropReply } from "../../core/drop_reply.ts";
import { refusalReply } from "../intake/refusal.ts";
import { SHUTTING_DOWN } from "../intake/refusals.ts";
import { type ServeCertificate, ServeListener } from "./listener.ts";
import type { ServeRequests } from "./requests.ts";
import { headBody, sendsBody, toResponse } from "./response.ts";
import { ResponseTemplates } from "./response_templates.ts";
import { ResponseStream, type StreamEnding } from "./response_stream.ts";
import type { ServeExchange } from "./serve_exchange.ts";
import { type UrlForm, urlForm } from "./url_form.ts";
import { flawOf } from "./websocket/handshake.ts";
import { OpenSockets } from "./websocket/open_sockets.ts";
import { DEFAULT_RELAY_LIMITS, type RelayLimits } from "./websocket/relay_limits.ts";
import { addFields } from "./websocket/switch_response.ts";

/** Milliseconds after which a pending exchange starts to watch for its client leaving. Watching costs more than most requests. */
const WATCH_AFTER = 50;

/** An endpoint's 101 that answers another handshake than it was sent. */
const BAD_SWITCH: Failed = {
  ok: false,
  stage: "head",
  code: "upstream_protocol_error",
  fault: "endpoint",
  sent: true,
};

/** What the engine needs of the gateway's world. */
export interface ServeEngineOptions {
  readonly listen: NetAddress;
  /** The certificate to speak TLS with: HTTP/2 and HTTP/1.1 by ALPN. Not on a Unix socket. @default null: cleartext */
  readonly tls?: ServeCertificate | null;
  /** How much one WebSocket may hold, and be silent. @default DEFAULT_RELAY_LIMITS */
  readonly sockets?: RelayLimits;
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
  readonly #urls: UrlForm;
  readonly #certificates: readonly CertificateEnd[];
  readonly #sockets: OpenSockets;
  readonly #log: Log;
  /** Exchanges that have been waiting for longer than most. */
  readonly #watched = new Set<ServeExchange>();
  readonly #streams = new Set<ResponseStream>();
  readonly #templates = new ResponseTemplates();
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
    this.#log = options.log;
    const { listen, tls = null, sockets = DEFAULT_RELAY_LIMITS, deadlines, clock, log } = options;
    this.#sockets = new OpenSockets({ limits: sockets, deadlines, clock });
    this.#listener = new ServeListener(
      listen.kind === "unix" ? { path: listen.path } : { hostname: listen.hostname, port: listen.port, tls },
      (request, info) => this.#serve(request, info.remoteAddr),
      clock,
      log,
    );
    const { port } = this.#listener.address;
    this.#certificates = tls === null ? [] : certificateEnds(tls);
    this.#urls = urlForm(listen.kind === "unix" ? listen : { ...listen, port }, tls !== null);
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

  report(): ListenerReport {
    return {
      listening: this.listening,
      requests: this.#count,
      inFlight: this.#open,
      tunnels: { websocket: this.#sockets.size, other: 0 },
      certificates: this.#certificates,
      connections: null,
    };
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#sockets.stop();
    await this.#listener.drain();
    // Exchanges may stem from a listener that died and was replaced: nobody but this count knows of them.
    if (this.#open > 0) await this.#idle.promise;
  }

  abort(): void {
    this.#cutting = true;
    for (const exchange of [...this.#watched]) exchange.abort();
    for (const stream of [...this.#streams]) stream.cut(new Error("the gateway stops"));
    this.#sockets.close();
    this.#listener.drain().catch(() => {});
  }

  #serve(request: Request, peer: Deno.NetAddr | Deno.UnixAddr): Response | Promise<Response> {
    this.#count++;
    this.#open++;
    const exchange = this.#reader.open(request, peer.transport === "tcp" ? peer.hostname : "unix", this.#urls);
    if (exchange.local !== null) return this.#respond(exchange, this.#host.local(exchange, exchange.local));
    let reply;
    try {
      reply = this.#open > this.#maxInFlight ? this.#host.overloaded(exchange) : this.#host.handle(exchange);
    } catch (cause) {
      reply = this.#host.crashed(exchange, cause);
    }
    return reply instanceof Promise ? this.#wait(exchange, reply) : this.#respond(exchange, reply);
  }

  #wait(exchange: ServeExchange, pending: Promise<Reply>): Promise<Response> {
    // A socket must not be opened for a client that has gone: the runtime would wait for it without end.
    const atOnce = exchange.handshake !== null;
    if (atOnce) this.#watch(exchange);
    const watch = atOnce ? null : this.#deadlines.after(WATCH_AFTER, () => this.#watch(exchange), exchange.startedAt);
    const settle = (reply: Reply) => {
      watch?.cancel();
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
      dropReply(reply);
      return this.#send(exchange, this.#host.crashed(exchange, cause));
    }
  }

  #send(exchange: ServeExchange, reply: Reply): Response {
    const { body, tunnel } = reply, { method } = exchange;
    if (exchange.error === "request_body_failed" && exchange.bodyCutByLeaving) exchange.abort();
    if (exchange.aborted) return this.#giveUp(exchange, reply);
    exchange.answered = reply.headers;
    if (tunnel !== null) {
      if (reply.status === 101) return this.#switch(exchange, reply, tunnel);
      tunnel.close();
    }
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
    const extras = { requestIdField, requestId, close: draining };
    const copy = body instanceof Uint8Array && method !== "HEAD"
      ? this.#templates.of(reply, body, method, extras)
      : null;
    return copy ?? toResponse(reply, body, method, extras);
  }

  /** The endpoint has accepted a WebSocket: so does the runtime, and messages are relayed until one side ends. */
  #switch(exchange: ServeExchange, reply: Reply, tunnel: ByteStream): Response {
    const { handshake, requestId, endpoint, route } = exchange;
    const flaw = handshake === null ? "nobody asked for it" : flawOf(reply.headers, handshake);
    if (flaw !== null) {
      tunnel.close();
      this.#log.warn("upstream's answer to a WebSocket handshake refused", {
        reason: flaw,
        endpoint,
        route,
        requestId,
      });
      exchange.error = BAD_SWITCH.code;
      return this.#send(exchange, failureReply(BAD_SWITCH, exchange));
    }
    const response = this.#sockets.open(exchange.request, tunnel, ({ bytesIn, bytesOut, error }) => {
      exchange.error = error === "" && this.#cutting ? SHUTTING_DOWN.code : error;
      this.#complete(exchange, reply.status, bytesOut, bytesIn);
    });
    addFields(response, reply.headers, this.#host.requestIdField, requestId);
    return response;
  }

  /** Nobody waits for the answer any more, or it is cut because the gateway stops. */
  #giveUp(exchange: ServeExchange, dropped: Reply): Response {
    dropReply(dropped);
    const reply = this.#cutting
      ? this.#host.local(exchange, (exchange) => refusalReply(SHUTTING_DOWN, exchange))
      : new Reply(CLIENT_CLOSED, HeaderList.of(), null);
    exchange.error = this.#cutting ? SHUTTING_DOWN.code : "client_closed_request";
    this.#complete(exchange, reply.status, 0);
    return this.#toResponse(exchange, reply, reply.body as Uint8Array | null);
  }

  #complete(exchange: ServeExchange, status: number, bytesOut: number, bytesIn = exchange.bytesIn): void {
    // What nobody read of the request is given back to the runtime.
    exchange.source?.cancel();
    this.#host.completed(exchange, status, bytesIn, bytesOut);
    if (--this.#open === 0 && this.#draining) this.#idle.resolve();
  }

  /** A streamed body is over. */
  #ended(exchange: ServeExchange, status: number, ending: StreamEnding, bytesOut: number, cause?: unknown): void {
    if (ending === "cancelled") {
      exchange.error = "client_closed_request";
      exchange.abort();
    } else if (ending === "broken") {
      exchange.error = this.#cutting && !(cause instanceof BodyError) ? SHUTTING_DOWN.code : bodyFaultCode(cause);
    }
    this.#complete(exchange, ending === "cancelled" ? CLIENT_CLOSED : status, bytesOut);
  }
}
