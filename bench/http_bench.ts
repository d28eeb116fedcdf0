/** What each request costs in `src/http/` before and after it is forwarded: `deno bench bench/http_bench.ts`. @module */

import { type Client, Exchange } from "../src/core/exchange.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { parseAuthority } from "../src/http/authority.ts";
import { AuthorityCache } from "../src/http/authority_cache.ts";
import { canonicalPath, type PathOptions } from "../src/http/canonical_path.ts";
import { CidrSet } from "../src/http/cidr.ts";
import { ClientAddresses } from "../src/http/client_address.ts";
import { forwardedText } from "../src/http/forwarded.ts";
import { nominated } from "../src/http/hop_by_hop.ts";
import { problem } from "../src/http/problem.ts";
import { RequestIds } from "../src/http/request_id.ts";

/** Operations in one iteration: the timer of `deno bench` cannot tell nanoseconds. Divide its figures by this. */
const TIMES = 1000;

/** Inputs are rotated and results summed up, so that nothing can be computed once or left out. */
function measure<T>(name: string, inputs: readonly T[], run: (input: T) => number): void {
  Deno.bench(`${name} ×${TIMES}`, () => {
    let sum = 0;
    for (let i = 0; i < TIMES; i++) sum += run(inputs[i % inputs.length]);
    if (sum < 0) throw new Error("a length is never negative");
  });
}

/** Texts as an engine has them: slices of a longer one. */
function slices(texts: readonly string[]): string[] {
  const all = texts.join(" ");
  let at = 0;
  return texts.map((text) => all.slice(at, at += text.length + 1).trimEnd());
}

const paths: PathOptions = { encodedSlash: "keep", mergeSlashes: false };
const plainPaths = slices([
  "/api/users/123456789",
  "/static/js/app.min.j",
  "/v1/orders/77/items/",
  "/aaaaaaaa/bbbbb/cccc",
]);
const escapedPaths = slices(["/api/users/J%c3%b6rg/a", "/files/a%20b%2Fc/x.pdf", "/tags/%7Efoo%2Dbar/abc"]);
const dottedPaths = slices(["/api/../users/./123456", "/a/b/c/%2e%2e/%2e%2e/d", "/x/.well-known/../y/zz"]);
measure("canonicalPath(20 plain characters)", plainPaths, (path) => (canonicalPath(path, paths) as string).length);
measure("canonicalPath(22, escapes)", escapedPaths, (path) => (canonicalPath(path, paths) as string).length);
measure("canonicalPath(22, dot segments)", dottedPaths, (path) => (canonicalPath(path, paths) as string).length);

const hosts = slices(["api.example.com", "www.example.com:8080", "shop.example.org", "127.0.0.1:9001"]);
const cache = new AuthorityCache();
measure("parseAuthority(), not cached", hosts, (host) => parseAuthority(host)!.host.length);
measure("AuthorityCache.parse(), known", hosts, (host) => cache.parse(host)!.host.length);

const nobody = new ClientAddresses(CidrSet.EMPTY);
const proxies = CidrSet.parse(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"]) as CidrSet;
const behind = new ClientAddresses(proxies);
const chain = HeaderList.of("x-forwarded-for", "203.0.113.7, 10.1.2.3");
const peer4 = nobody.ofPeer("198.51.100.4"), proxy = behind.ofPeer("10.0.0.1");
measure("ClientAddresses.ofPeer(IPv4), nobody trusted", ["198.51.100.4"], (ip) => nobody.ofPeer(ip).ip.length);
measure("ClientAddresses.ofPeer(IPv6), 4 blocks trusted", ["2001:db8::1:2"], (ip) => behind.ofPeer(ip).ip.length);
measure("ClientAddresses.ofRequest(), untrusted", [peer4], (peer) => nobody.ofRequest(peer, chain).ip.length);
measure("ClientAddresses.ofRequest(), 2 entries", [proxy], (peer) => behind.ofRequest(peer, chain).ip.length);
measure("CidrSet.has(IPv4), 4 blocks", ["10.1.2.3", "203.0.113.7", "192.168.9.9"], (ip) => proxies.has(ip) ? 1 : 0);

function exchangeOf(client: Client, headers: HeaderList): Exchange {
  const request = { method: "GET", path: "/", query: "", authority: "api.example.com:8080", host: "api.example.com" };
  return new Exchange({ ...request, scheme: "http", client, headers, body: null, requestId: "", startedAt: 0 });
}
const wire = new Uint8Array(4096), encoder = new TextEncoder();
const direct = exchangeOf(peer4, HeaderList.of("accept", "*/*"));
const proxied = exchangeOf({ ip: "203.0.113.7", peer: "10.0.0.1", trusted: true }, chain);
measure("forwardedText(), untrusted", [direct], (exchange) => forwardedText(exchange).length);
measure("forwardedText(), untrusted, encoded", [direct], (exchange) => {
  return encoder.encodeInto(forwardedText(exchange), wire).written;
});
measure("encodeInto() alone, as much text", [forwardedText(direct)], (text) => encoder.encodeInto(text, wire).written);
measure("forwardedText(), continued and translated", [proxied], (exchange) => forwardedText(exchange).length);

const ids = new RequestIds({ accept: "any" });
measure("RequestIds.take(null)", [null], (incoming) => ids.take(incoming, false).length);
measure("RequestIds.take(36 characters)", slices([crypto.randomUUID(), crypto.randomUUID()]), (incoming) => {
  return ids.take(incoming, false).length;
});

const usual: readonly (string | null)[] = [null, ...slices(["keep-alive", "close", "Keep-Alive"])];
measure("nominated(null, keep-alive, close)", usual, (value) => nominated(value)?.length ?? 0);
measure(
  "nominated(keep-alive, x-hop)",
  slices(["keep-alive, x-hop", "close, X-Hop"]),
  (value) => nominated(value)!.length,
);

measure(
  "problem()",
  ["r-1", "r-2"],
  (requestId) => problem({ requestId, trace: null }, { status: 404, code: "no_route" }).status,
);
