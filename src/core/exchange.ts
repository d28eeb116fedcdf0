/** One request and its reply inside the gateway. @module */

import type { Body } from "./body.ts";
import type { ClientCertificate } from "./client_certificate.ts";
import type { ContextKey } from "./context_key.ts";
import type { HeaderList } from "./header_list.ts";
import type { Identity } from "./identity.ts";
import type { ExchangeTrace } from "./trace.ts";

/** Who sent the request. */
export interface Client {
  /** The client's address by the trusted proxies, else the peer's. IPv4-mapped addresses are written as IPv4. */
  readonly ip: string;
  /** Address of the socket's other end. */
  readonly peer: string;
  /** Whether the peer is a trusted proxy: then its forwarded fields are believed and continued. */
  readonly trusted: boolean;
  /** The certificate that the connection's other end has shown, where the listener asks for one and has verified it. */
  readonly certificate?: ClientCertificate;
}

/** Work for a client, such as an attempt under way, that is given up when the client goes away. */
export interface Abandonable {
  /** Whether it may go on when the client has its answer. @default false */
  readonly outlives?: boolean;
  abandon(): void;
}

/** Versions as `Via` names them (RFC 9110 §7.6.3). */
export type HttpVersion = "1.0" | "1.1" | "2";

/** What an engine knows when a request's head has been validated. */
export interface ExchangeInit {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authority: string;
  readonly host: string;
  readonly scheme: "http" | "https";
  readonly client: Client;
  readonly headers: HeaderList;
  readonly body: Body;
  readonly requestId: string;
  readonly startedAt: number;
}

/**
 * What the limits on its rate made of a request: `""` where there were none. Of several the one counts that did more than let
 * it pass. `would-refuse`: under a limit that only looks; `store-away`: nobody could tell.
 */
export type LimitOutcome = "" | "passed" | "refused" | "would-refuse" | "delayed" | "store-away";

/**
 * What the question who is asking came to: `""` where nobody asked it. `anonymous`: no credential, and none was needed;
 * `absent`: none, and one was; `invalid`: it is not good; `limited`: there were too many bad ones; `unavailable`: who could
 * tell cannot be reached; `forbidden`: it is good, and not enough.
 */
export type AuthOutcome =
  | ""
  | "passed"
  | "anonymous"
  | "absent"
  | "invalid"
  | "limited"
  | "unavailable"
  | "forbidden";

/**
 * What a cache made of a request: `""` where none was asked. `hit`: answered from the cache; `stale`: so, by an answer past
 * its time; `revalidated`: so, after the upstream has said that it is still good; `collapsed`: by the answer to somebody
 * else's request under way; `miss`: by the upstream; `bypass`: by the upstream, as the cache was not to be asked.
 */
export type CacheOutcome = "" | "hit" | "stale" | "revalidated" | "collapsed" | "miss" | "bypass";

/** Values of path parameters by name. */
export type Params = Readonly<Record<string, string>>;

const NO_PARAMS: Params = Object.freeze({});
const NO_CAPTURES: readonly string[] = Object.freeze([]);

/**
 * A request on its way down the chain and everything that is found out about it. Engines fill it, policies change it,
 * the terminal forwards it. It knows nothing of the engine it came from.
 */
export class Exchange {
  /** In upper case as sent; a token by RFC 9110 §9.1. */
  readonly method: string;
  /** The canonical path: what routes match, policies see and upstreams receive. */
  readonly path: string;
  /** The query as sent, with its `?`; `""` without one. A policy may take out what is not for the upstream. */
  query: string;
  /** Host and port as sent. */
  readonly authority: string;
  /** Host in lower case, without port. */
  readonly host: string;
  readonly scheme: "http" | "https";
  readonly client: Client;
  /** The request's fields; changes are what the upstream receives. */
  readonly headers: HeaderList;
  /** The request's body; a policy may put another in its place. */
  body: Body;
  readonly requestId: string;
  /** {@link Clock.now} when the head was read. */
  readonly startedAt: number;
  /** The version of HTTP that the request came in. */
  httpVersion: HttpVersion = "1.1";
  /** The protocols that the client asks to switch to, as a list to send on; `""` for none (RFC 9110 §7.8). */
  upgrade = "";
  /** Whether the client holds its body back until it is told to go on (RFC 9110 §10.1.1). Reading the body tells it, and ends this. */
  expectsContinue = false;
  /** Whether the client said `TE: trailers` (RFC 9110 §10.1.4). */
  acceptsTrailers = false;

  /** Id of the route that took the request, `""` while there is none. */
  route = "";
  /** The parameters' raw segments, in the pattern's order: what a rewrite inserts. */
  captures: readonly string[] = NO_CAPTURES;
  /** Makes {@link params} of {@link captures}; `null` where the route has none. */
  readParams: ((captures: readonly string[]) => Params) | null = null;
  /** Set by a policy that checked a credential. */
  identity: Identity | undefined = undefined;
  /**
   * Whether a policy has accepted a credential, whatever carried it: then the answer may be for this client alone, and no
   * shared cache keeps it or serves it without an identity key (RFC 9111 §3.5 knows `Authorization` only).
   */
  credentialed = false;
  /**
   * Request fields, in lower case and with `-` for `_`, that policies write and nobody else: what the client has sent under
   * such a name does not go on, in its trailers neither. `null`: none.
   */
  owned: readonly string[] | null = null;
  /** What policies and handlers written by users see of this exchange: made by the first of them, shared by all. */
  context: object | null = null;

  /** Its place in a trace; `null` where there are none, or no route was looked for yet. */
  trace: ExchangeTrace | null = null;
  /** The fields of the answer, once there is one that is sent. */
  answered: HeaderList | null = null;

  /** Tries against endpoints so far. */
  attempts = 0;
  /** Id of the endpoint tried last. */
  endpoint = "";
  /** Failure code of the reply, or `""`. */
  error = "";
  limit: LimitOutcome = "";
  auth: AuthOutcome = "";
  cache: CacheOutcome = "";
  /** Why a policy refused it, for the log and for nobody else; `""` where there is nothing to say. No credential is in it. */
  reason = "";

  #params: Params | null = null;
  #aborted = false;
  #ended = false;
  #work: Abandonable[] | null = null;
  #values: Map<ContextKey<unknown>, unknown> | null = null;

  constructor(init: ExchangeInit) {
    this.method = init.method;
    this.path = init.path;
    this.query = init.query;
    this.authority = init.authority;
    this.host = init.host;
    this.scheme = init.scheme;
    this.client = init.client;
    this.headers = init.headers;
    this.body = init.body;
    this.requestId = init.requestId;
    this.startedAt = init.startedAt;
  }

  /** Decoded values of the path's parameters: decoded for the first who asks, as most requests are forwarded unseen. */
  get params(): Params {
    return this.#params ??= this.readParams?.(this.captures) ?? NO_PARAMS;
  }

  /** Whether the client has gone. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /**
   * Passes an interim answer on to the client (RFC 9110 §15.2), if its engine and its protocol version can carry one.
   * @param fields `[name, value, …]`
   */
  inform(_status: number, _fields: readonly string[]): void {}

  /** From now on `work` is abandoned when the client goes away, or has its answer; at once if it has. */
  onAbort(work: Abandonable): void {
    if (this.#aborted || (this.#ended && work.outlives !== true)) work.abandon();
    else if (this.#work === null) this.#work = [work];
    else this.#work.push(work);
  }

  /** `work` is over: it will not be abandoned. */
  offAbort(work: Abandonable): void {
    const list = this.#work;
    if (list === null) return;
    const at = list.indexOf(work);
    if (at >= 0 && list.length === 1) this.#work = null;
    else if (at >= 0) list.splice(at, 1);
  }

  /** For engines: the client went away before the answer was out. */
  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    const list = this.#work;
    this.#work = null;
    if (list !== null) { for (const work of list.slice()) work.abandon(); }
  }

  /** For engines: the answer is out. An attempt that a policy did not wait for is given up. */
  end(): void {
    this.#ended = true;
    const list = this.#work;
    this.#work = null;
    if (list !== null) { for (const work of list) if (work.outlives !== true) work.abandon(); }
  }

  /** What a policy left under `key`, or `undefined`. */
  get<T>(key: ContextKey<T>): T | undefined {
    return this.#values?.get(key) as T | undefined;
  }

  /** Takes over what policies have found out about another exchange, of which this one is a copy. */
  inherit(from: Exchange): void {
    this.httpVersion = from.httpVersion;
    this.route = from.route;
    this.captures = from.captures;
    this.readParams = from.readParams;
    this.identity = from.identity;
    this.credentialed = from.credentialed;
    this.owned = from.owned;
    this.trace = from.trace;
    this.#values = from.#values === null ? null : new Map(from.#values);
  }

  /** Leaves a value for later policies. */
  set<T>(key: ContextKey<T>, value: T): void {
    (this.#values ??= new Map()).set(key, value);
  }
}
