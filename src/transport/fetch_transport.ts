/**
 * HTTP/2 towards endpoints, through the runtime's `fetch`: by ALPN over TLS, with prior knowledge in cleartext. What
 * `fetch` would do of its own accord (decode, follow, rewrite, go through proxies) is switched off or refused here.
 *
 * @module
 */

import type { Failed } from "../core/outcome.ts";
import type { TimerWheel } from "../core/timer_wheel.ts";
import { runtimeTraces } from "../core/runtime_traces.ts";
import { MAX_HEAD_BYTES } from "./connection.ts";
import { FetchCall, type FetchLane } from "./fetch_call.ts";
import { fetchHead, notFetchable } from "./fetch_head.ts";
import { BLOCKED_PORTS } from "./fetch_ports.ts";
import { withoutProxies } from "./fetch_proxies.ts";
import type { PoolLimits } from "./pool.ts";
import type { Address } from "./socket.ts";
import { CLIENT_GONE, type ConnectTimeouts, type Settle, type Transport, type Waiting } from "./transport.ts";
import type { WireRequest } from "./wire_request.ts";

/** One connection for each authority that is asked for, many requests at a time over each. */
export class FetchTransport implements Transport {
  readonly traced = runtimeTraces();
  readonly #address: Address;
  readonly #own: string;
  readonly #limits: PoolLimits;
  readonly #deadlines: TimerWheel;
  /** By authority; the one used last is the last. */
  readonly #lanes = new Map<string, Lane>();
  #closed = false;

  /**
   * @param authority the endpoint's own host and port
   * @throws TypeError for an authority that a URL cannot have
   * @throws Deno.errors.NotCapable without the permission to read the environment's proxies
   * @throws the runtime's error for a certificate or a key that it cannot read
   */
  constructor(address: Address, authority: string, limits: PoolLimits, deadlines: TimerWheel) {
    this.#address = address;
    this.#own = authority;
    this.#limits = limits;
    this.#deadlines = deadlines;
    const origin = originOf(address, authority);
    if (origin === null) throw new TypeError(`the runtime's client does not connect to ${authority}`);
    // Made now, so that what keeps it from being made is seen before any request comes.
    this.#open(authority, origin);
  }

  /** Authorities that there is a connection to, or was. */
  get size(): number {
    return this.#lanes.size;
  }

  send(request: WireRequest, timeouts: ConnectTimeouts, client: Waiting, settle: Settle): void {
    if (client.aborted) return settle(CLIENT_GONE);
    const head = fetchHead(request.head), reason = notFetchable(request, head);
    if (reason !== null) return settle(unfit(reason));
    const lane = this.#lane(head.host);
    if (!(lane instanceof Lane)) return settle(lane);
    lane.begin(timeouts);
    new FetchCall(lane, request, head, this.#deadlines, client, settle);
  }

  close(): void {
    this.#closed = true;
    for (const [authority, lane] of this.#lanes) if (lane.inFlight === 0) this.#drop(authority, lane);
  }

  #lane(authority: string): Lane | Failed {
    const known = this.#lanes.get(authority);
    if (known !== undefined) {
      this.#lanes.delete(authority);
      this.#lanes.set(authority, known);
      return known;
    }
    if (this.#address.tls !== null && authority !== this.#own) {
      return unfit(`over TLS the runtime's client sends no Host but ${this.#own}`);
    }
    const origin = originOf(this.#address, authority);
    if (origin === null) return unfit("the runtime's client cannot send this Host");
    if (this.#lanes.size >= this.#limits.max && !this.#makeRoom()) {
      return { ok: false, stage: "connect", code: "pool_exhausted", fault: "gateway", sent: false };
    }
    return this.#open(authority, origin);
  }

  #open(authority: string, origin: string): Lane {
    const lane = new Lane(origin, this.#address, this.#limits, () => {
      if (this.#closed) this.#drop(authority, lane);
    });
    this.#lanes.set(authority, lane);
    return lane;
  }

  #makeRoom(): boolean {
    for (const [authority, lane] of this.#lanes) {
      if (lane.inFlight > 0) continue;
      this.#drop(authority, lane);
      return true;
    }
    return false;
  }

  #drop(authority: string, lane: Lane): void {
    this.#lanes.delete(authority);
    lane.client.close();
  }
}

/** The requests of one authority. */
class Lane implements FetchLane {
  readonly client: Deno.HttpClient;
  readonly base: string;
  readonly tls: boolean;
  inFlight = 0;
  connectAllowance = 0;
  #connected = false;
  readonly #onIdle: () => void;

  constructor(base: string, { hostname, port, tls }: Address, limits: PoolLimits, onIdle: () => void) {
    this.base = base;
    this.tls = tls !== null;
    this.#onIdle = onIdle;
    this.client = withoutProxies(() =>
      Deno.createHttpClient({
        http1: false,
        poolIdleTimeout: limits.idle,
        http2MaxHeaderListSize: MAX_HEAD_BYTES,
        // The connection goes to the endpoint, whatever the authority says. Over TLS the runtime offers no such way.
        ...(tls === null ? { proxy: { transport: "tcp", hostname, port } } : {
          caCerts: tls.ca === null ? [] : [tls.ca],
          ...(tls.cert === null || tls.key === null ? {} : { cert: tls.cert, key: tls.key }),
        }),
      })
    );
  }

  /** A request begins. */
  begin({ connect, tls }: ConnectTimeouts): void {
    this.inFlight++;
    // The runtime does not tell when it connects: only that there is a connection is known, once something has come back.
    this.connectAllowance = this.#connected ? 0 : connect + (this.tls ? tls : 0);
  }

  answered(): void {
    this.#connected = true;
  }

  released(): void {
    this.inFlight--;
    if (this.inFlight === 0) this.#onIdle();
  }
}

/** The origin that is asked for, or `null` where a URL parser would read another authority, or `fetch` refuses the port. */
function originOf({ tls }: Address, authority: string): string | null {
  const origin = `${tls === null ? "http" : "https"}://${authority.toLowerCase()}`, url = URL.parse(origin);
  if (url === null || (url.origin !== origin && url.origin + (tls === null ? ":80" : ":443") !== origin)) return null;
  return BLOCKED_PORTS.has(Number(url.port)) ? null : url.origin;
}

function unfit(reason: string): Failed {
  const cause = new Error(reason);
  return { ok: false, stage: "connect", code: "no_endpoint", fault: "gateway", sent: false, cause };
}
