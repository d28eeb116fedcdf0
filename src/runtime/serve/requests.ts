/** From `Deno.serve`'s request to an exchange. @module */

import type { Clock } from "../../core/clock.ts";
import type { Client } from "../../core/exchange.ts";
import type { HeaderList } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import type { Authority } from "../../http/authority.ts";
import { AuthorityCache } from "../../http/authority_cache.ts";
import { canonicalPath, type PathOptions } from "../../http/canonical_path.ts";
import type { ClientAddresses } from "../../http/client_address.ts";
import { PROXY_ONLY_FIELDS } from "../../http/forwarded.ts";
import { nominated } from "../../http/hop_by_hop.ts";
import { problem } from "../../http/problem.ts";
import type { RequestIds } from "../../http/request_id.ts";
import { StreamSource } from "../../policies/web/stream_source.ts";
import { ServeExchange } from "./serve_exchange.ts";
import { headerListOf } from "./web_headers.ts";

/** What the reading of requests depends on. */
export interface RequestOptions {
  readonly paths: PathOptions;
  readonly clients: ClientAddresses;
  readonly requestIds: RequestIds;
  readonly requestIdField: string;
  readonly clock: Clock;
}

/** The parts of a URL that `Deno.serve` glued together. */
interface Target {
  readonly authority: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** Why a request is refused: the status and a sentence for the client. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

const MISSING_HOST: Refusal = { status: 400, code: "bad_host", detail: "The request has no Host." };
const BAD_HOST: Refusal = { status: 400, code: "bad_host", detail: "The Host of the request is not valid." };
const BAD_QUERY: Refusal = {
  status: 400,
  code: "bad_target",
  detail: "The request target has a character that must be percent-encoded.",
};
const NO_TUNNEL: Refusal = { status: 501, code: "method_not_implemented", detail: "CONNECT is not offered." };
const NO_TRACE: Refusal = { status: 405, code: "method_not_allowed", detail: "TRACE is not offered." };

const PROXY_ONLY: ReadonlySet<string> = new Set(PROXY_ONLY_FIELDS);

/** Peers that are remembered. */
const MAX_PEERS = 4096;

/** RFC 3986 §3.4: visible ASCII without `#`. What else stands in a query is forwarded as it is. */
const QUERY = /^[\x21\x22\x24-\x7e]*$/;

/** Opens exchanges: everything that a request claims about itself is checked here, before any of it is used. */
export class ServeRequests {
  readonly #options: RequestOptions;
  readonly #authorities = new AuthorityCache();
  readonly #peers = new Map<string, Client>();

  constructor(options: RequestOptions) {
    this.#options = options;
  }

  /** The exchange for a request; its `refusal` is set where the request is not acceptable. `port` is the listener's own. */
  open(request: Request, peer: Deno.NetAddr, port: number): ServeExchange {
    const { clock, clients, requestIds, requestIdField } = this.#options;
    const { url, method } = request, from = this.#peer(peer.hostname);
    // What only a proxy may say is not there when anybody else says it: neither upstream nor in keys.
    const headers = headerListOf(request.headers, from.trusted ? null : PROXY_ONLY);
    const target = this.#target(method, url, headers.get("host"), port);
    const refused = "status" in target;
    // Before any policy adds a field: a client must not be able to have those removed.
    const dropped = nominated(headers.get("connection"));
    if (dropped !== null) { for (const name of dropped) headers.remove(name); }
    const client = clients.ofRequest(from, headers);
    const requestId = requestIds.take(headers.get(requestIdField), client.trusted);
    const source = refused ? null : bodyOf(request, headers);
    const exchange = new ServeExchange(
      {
        method,
        path: refused ? rawPath(url) : target.path,
        query: refused ? "" : target.query,
        authority: refused ? "" : target.authority,
        host: refused ? "" : target.host,
        scheme: url.startsWith("https:") ? "https" : "http",
        client,
        headers,
        body: source,
        requestId,
        startedAt: clock.now(),
      },
      request,
      source,
      refused ? refusalReply(target, requestId) : null,
    );
    if (refused) exchange.error = target.code;
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

  /**
   * Takes the URL apart that the runtime made of scheme, Host and raw target without looking at them: with
   * `Host: a/x?` and the target `/y` it is `http://a/x?/y`. So the Host is checked first, and found again in the URL.
   */
  #target(method: string, url: string, hostField: string | null, port: number): Target | Refusal {
    const authorityStart = url.indexOf("//") + 2, pathStart = url.indexOf("/", authorityStart);
    if (method === "CONNECT" || pathStart < 0) return NO_TUNNEL;
    if (method === "TRACE") return NO_TRACE;
    const authority = url.slice(authorityStart, pathStart);
    if (hostField === null) {
      // HTTP/2 has no Host field: the URL has its `:authority`. HTTP/1 without Host is given this name by the runtime.
      if (authority === `localhost:${port}`) return MISSING_HOST;
    } else if (hostField !== authority && this.#authorities.parse(hostField) === null) {
      return BAD_HOST;
    }
    // A valid Host that the URL does not have: the target was in absolute form, whose authority wins (RFC 9112 §3.2.2).
    const parsed: Authority | null = this.#authorities.parse(authority);
    if (parsed === null) return BAD_HOST;
    const queryStart = url.indexOf("?", pathStart);
    const query = queryStart < 0 ? "" : url.slice(queryStart);
    if (query !== "" && !QUERY.test(query)) return BAD_QUERY;
    const path = canonicalPath(
      queryStart < 0 ? url.slice(pathStart) : url.slice(pathStart, queryStart),
      this.#options.paths,
    );
    if (typeof path !== "string") return { status: 400, code: "bad_path", detail: `${sentence(path.error)}` };
    return { authority, host: parsed.host, path, query };
  }
}

function bodyOf(request: Request, headers: HeaderList): StreamSource | null {
  const length = headers.get("content-length"), { method } = request;
  // Looking for a body costs more than these look-ups, and GET and HEAD hardly ever have one.
  if ((method === "GET" || method === "HEAD") && length === null && headers.get("transfer-encoding") === null) {
    return null;
  }
  const stream = request.body;
  if (stream === null) return null;
  return new StreamSource(stream.getReader(), {
    fault: "client",
    length: length === null ? undefined : Number(length),
  });
}

function refusalReply(refusal: Refusal, requestId: string): Reply {
  const reply = problem({ ...refusal, requestId });
  // RFC 9110 §15.5.6 asks for the field. It may be empty: what else the path takes has not been looked up.
  if (refusal.status === 405) reply.setHeader("allow", "");
  return reply;
}

/** What the log shows of a target that was refused: what stands behind the scheme, as it came. */
function rawPath(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  return start < 0 ? url : url.slice(start);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + ".";
}
