/** From `Deno.serve`'s request to an exchange. @module */

import type { Clock } from "../../core/clock.ts";
import type { Client } from "../../core/exchange.ts";
import { AuthorityCache } from "../../http/authority_cache.ts";
import type { PathOptions } from "../../http/canonical_path.ts";
import type { ClientAddresses } from "../../http/client_address.ts";
import { isProxyOnly } from "../../http/forwarded.ts";
import { nominated } from "../../http/hop_by_hop.ts";
import type { RequestIds } from "../../http/request_id.ts";
import { type Refusal, refusalReply } from "./refusal.ts";
import { requestBody } from "./request_body.ts";
import { ServeExchange } from "./serve_exchange.ts";
import { rawPath, readTarget, type Target } from "./target.ts";
import { headerListOf } from "./web_headers.ts";

/** What the reading of requests depends on. */
export interface RequestOptions {
  readonly paths: PathOptions;
  readonly clients: ClientAddresses;
  readonly requestIds: RequestIds;
  readonly requestIdField: string;
  readonly clock: Clock;
}

/** Peers that are remembered. */
const MAX_PEERS = 4096;

const NO_TARGET: Target = { authority: "", host: "", path: "", query: "" };

/** Opens exchanges: everything that a request claims about itself is checked here, before any of it is used. */
export class ServeRequests {
  readonly #options: RequestOptions;
  readonly #authorities = new AuthorityCache();
  readonly #peers = new Map<string, Client>();

  constructor(options: RequestOptions) {
    this.#options = options;
  }

  /** The exchange for a request to a listener; its `refusal` is set where the request is not acceptable. */
  open(
    request: Request,
    peer: Deno.NetAddr,
    listener: { readonly hostname: string; readonly port: number },
  ): ServeExchange {
    const { clock, clients, requestIds, requestIdField, paths } = this.#options;
    const { url, method } = request, from = this.#peer(peer.hostname), { hostname, port } = listener;
    // What only a proxy may say is not there when anybody else says it: neither upstream nor in keys.
    const headers = headerListOf(request.headers, from.trusted ? null : isProxyOnly);
    const authorities = this.#authorities;
    const read = readTarget(method, url, headers.get("host"), { hostname, port, paths, authorities });
    const body = "status" in read ? null : requestBody(request, headers);
    const refusal: Refusal | null = "status" in read ? read : body !== null && "status" in body ? body : null;
    const target = "status" in read ? NO_TARGET : read;
    const source = body !== null && "status" in body ? null : body;
    // Before any policy adds a field: a client must not be able to have those removed.
    const dropped = nominated(headers.get("connection"));
    if (dropped !== null) { for (const name of dropped) headers.remove(name); }
    const client = clients.ofRequest(from, headers);
    const requestId = requestIds.take(headers.get(requestIdField), client.trusted);
    const exchange = new ServeExchange(
      {
        method,
        path: refusal === null ? target.path : rawPath(url),
        query: target.query,
        authority: target.authority,
        host: target.host,
        // The listener's own: what an absolute target says of it is the client's word.
        scheme: "http",
        client,
        headers,
        body: source,
        requestId,
        startedAt: clock.now(),
      },
      request,
      source,
      refusal === null ? null : refusalReply(refusal, requestId),
    );
    if (refusal !== null) exchange.error = refusal.code;
    return exchange;
  }

  /** A client's address is worked out once for many requests: the runtime does not say which connection one came by. */
  #peer(hostname: string): Client {
    const known = this.#peers.get(hostname);
    if (known !== undefined) return known;
    if (this.#peers.size >= MAX_PEERS) this.#peers.clear();
    const client = this.#options.clients.ofPeer(hostname);
    this.#peers.set(hostname, client);
    return client;
  }
}
