/** From `Deno.serve`'s request to an exchange. @module */

import type { Client } from "../../core/exchange.ts";
import { AuthorityCache } from "../../http/authority_cache.ts";
import { isProxyOnly } from "../../http/forwarded.ts";
import { acceptsTrailers, nominated } from "../../http/hop_by_hop.ts";
import { exchangeInit } from "../intake/exchange_init.ts";
import { refuseExpectation } from "../intake/expectation.ts";
import { localOptions } from "../intake/local_options.ts";
import { isRefusal } from "../intake/refusal.ts";
import type { RequestFacts } from "../intake/request_facts.ts";
import { isTarget, MISSING_HOST, NO_TARGET, type TargetOptions } from "../intake/target.ts";
import { requestBody } from "./request_body.ts";
import { ServeExchange } from "./serve_exchange.ts";
import { rawPath, readTarget } from "./target.ts";
import { headerListOf } from "./web_headers.ts";
import type { UrlForm } from "./url_form.ts";
import { type Handshake, takeHandshake } from "./websocket/handshake.ts";

/** Peers that are remembered. */
const MAX_PEERS = 4096;

/** What a listener allows a request to be. */
export interface ServeLimits {
  readonly target: number;
  readonly body: number;
}

/** Opens exchanges: everything that a request claims about itself is checked here, before any of it is used. */
export class ServeRequests {
  readonly #facts: RequestFacts;
  readonly #limits: ServeLimits;
  readonly #scheme: "http" | "https";
  readonly #targets: TargetOptions;
  readonly #peers = new Map<string, Client>();

  constructor(facts: RequestFacts, limits: ServeLimits, scheme: "http" | "https") {
    this.#facts = facts;
    this.#limits = limits;
    this.#scheme = scheme;
    this.#targets = { paths: facts.paths, authorities: new AuthorityCache(), maxTarget: limits.target };
  }

  /**
   * The exchange for a request; its `local` reply is set where nobody needs to be asked.
   *
   * @param peer the address at the connection's other end
   * @param form of the URLs of its listener
   */
  open(request: Request, peer: string, form: UrlForm): ServeExchange {
    const { methods } = this.#facts, { url, method } = request;
    const from = this.#peer(peer);
    // What only a proxy may say is not there when anybody else says it: neither upstream nor in keys.
    const headers = headerListOf(request.headers, from.trusted ? null : isProxyOnly);
    const hostField = headers.get("host");
    // HTTP/2 has neither Host nor Connection (RFC 9113 §8.2.2), so this is HTTP/1.
    const target = hostField === null && headers.has("connection")
      ? MISSING_HOST
      : readTarget(url, method, hostField, this.#targets, form);
    const rejected = methods.refuse(method) ?? (isTarget(target) ? null : target) ??
      refuseExpectation(headers.get("expect") ?? "");
    // Touching the stream of a body makes it this gateway's to close, so it is not touched where nobody will read it.
    const body = rejected ?? requestBody(request, headers, this.#limits.body);
    const source = isRefusal(body) ? null : body;
    const handshake = isRefusal(body) ? body : takeHandshake(method, headers);
    const refusal = isRefusal(handshake) ? handshake : null;
    // An absolute target's authority stands in for Host, and HTTP/2 has nothing else.
    if (isTarget(target) && target.authority !== hostField) headers.set("host", target.authority);
    // Before any policy adds a field: a client must not be able to have those removed.
    const dropped = nominated(headers.get("connection"));
    if (dropped !== null) { for (const name of dropped) headers.remove(name); }
    const te = headers.get("te"), asked = isTarget(target) ? target : NO_TARGET;
    const init = exchangeInit(
      {
        method,
        target: refusal === null ? asked : { ...asked, path: rawPath(url) },
        scheme: this.#scheme,
        headers,
      },
      from,
      this.#facts,
    );
    const exchange = new ServeExchange({ ...init, body: source }, request, source);
    // Only HTTP/2 comes without Host, and only HTTP/1.1 can switch protocols.
    if (hostField === null) exchange.httpVersion = "2";
    else if (refusal === null && handshake !== null) {
      exchange.handshake = handshake as Handshake;
      exchange.upgrade = "websocket";
    }
    if (te !== null) exchange.acceptsTrailers = acceptsTrailers(te);
    if (refusal !== null) return exchange.refuse(refusal);
    exchange.local = localOptions(exchange);
    return exchange;
  }

  /** A client's address is worked out once for many requests: the runtime does not say which connection one came by. */
  #peer(hostname: string): Client {
    const known = this.#peers.get(hostname);
    if (known !== undefined) return known;
    if (this.#peers.size >= MAX_PEERS) this.#peers.clear();
    const client = this.#facts.clients.ofPeer(hostname);
    this.#peers.set(hostname, client);
    return client;
  }
}
