/**
 * What guards cost a request: `deno bench bench/guards_bench.ts`. Each run is a thousand requests whose exchange is made
 * anew, so microseconds read as nanoseconds; subtract the line without policies. Request and answer have the fields of a
 * browser and a server, as they come from a socket.
 *
 * @module
 */

import { foldChain } from "../src/compile/fold_chain.ts";
import { Exchange } from "../src/core/exchange.ts";
import type { Handler, Middleware } from "../src/core/handler.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { definitionOf, type Policy } from "../src/core/policy.ts";
import { Reply } from "../src/core/reply.ts";
import { HeadScanner } from "../src/http/head_scanner.ts";
import { TextHeaders } from "../src/http/text_headers.ts";
import { bodyLimit } from "../src/policies/guard/body_limit.ts";
import { cors } from "../src/policies/guard/cors.ts";
import { csrf } from "../src/policies/guard/csrf.ts";
import { guard } from "../src/policies/guard/guard.ts";
import { ipFilter } from "../src/policies/guard/ip_filter.ts";
import { securityHeaders } from "../src/policies/guard/security_headers.ts";
import { makeEnv } from "../tests/support/exchange.ts";

const RUN = 1000;
const env = makeEnv(), client = { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false };

function head(text: string): TextHeaders {
  const scanner = new HeadScanner(100), bytes = new TextEncoder().encode(text);
  scanner.scan(bytes, 0, bytes.length);
  return TextHeaders.scanned(text, scanner);
}

const REQUEST = [
  "POST /orders HTTP/1.1",
  "host: api.example.com",
  "user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "accept: application/json",
  "accept-language: en-GB,en;q=0.5",
  "accept-encoding: gzip, deflate, br, zstd",
  "content-type: application/json",
  "referer: https://app.example.com/",
  "sec-fetch-dest: empty",
  "sec-fetch-mode: cors",
  "sec-fetch-site: same-site",
  "cookie: session=0123456789abcdef",
];
const browser = head([...REQUEST, "origin: https://app.example.com", "", ""].join("\r\n"));
const program = head(["GET /orders HTTP/1.1", "host: api.example.com", "accept: */*", "", ""].join("\r\n"));
const asking = head(
  [
    ...["OPTIONS /orders HTTP/1.1", "host: api.example.com", "origin: https://app.example.com"],
    ...["access-control-request-method: PUT", "access-control-request-headers: authorization,content-type", "", ""],
  ].join("\r\n"),
);
const answered = head(
  [
    ...["HTTP/1.1 200 OK", "date: Thu, 01 Jan 1970 00:00:00 GMT", "content-type: application/json"],
    ...["cache-control: no-store", 'etag: "1234"', "x-request-id: 1", ""],
  ].join("\r\n") + "\r\n",
);

function open(method: string, source: TextHeaders): Exchange {
  return new Exchange({
    method,
    path: "/orders",
    query: "",
    authority: "api.example.com",
    host: "api.example.com",
    scheme: "https",
    client,
    headers: new HeaderList(source),
    body: null,
    requestId: "req-1",
    startedAt: 0,
  });
}

const atOnce: Handler = () => new Reply(200, new HeaderList(answered), null);
const later: Handler = () => Promise.resolve(new Reply(200, new HeaderList(answered), null));

function build(policy: Policy): Middleware {
  const definition = definitionOf(policy)!;
  return definition.build(definition.schema.parse(policy.options), env, `bench/${policy.kind}`);
}

const app = "https://app.example.com" as const;
const blocks = Array.from({ length: 100_000 }, (_, i) => `${(i >> 16) + 1}.${i >> 8 & 255}.${i & 255}.0/24`);

const chains: Record<string, readonly Policy[]> = {
  "no policy": [],
  "cors, one origin": [cors({ origins: app, credentials: true, expose: ["x-request-id"] })],
  "cors, sub-domains": [cors({ origins: ["https://a.example", "https://*.example.com"] })],
  "cors, *": [cors({ origins: "*" })],
  "two cors": [cors({ origins: app }), cors({ origins: app })],
  "ipFilter, 10 blocks": [ipFilter({ deny: blocks.slice(0, 10) })],
  "ipFilter, 100000 blocks": [ipFilter({ deny: blocks })],
  "csrf": [csrf({ origins: app })],
  "bodyLimit": [bodyLimit({ max: "1MiB" })],
  "guard": [guard({ check: (ctx) => ctx.method !== "PATCH" })],
  "securityHeaders": [securityHeaders()],
};

/** Keeps the compiler from leaving the work out. */
export let sink: unknown;

function bench(
  group: string,
  name: string,
  policies: readonly Policy[],
  terminal: Handler,
  make: () => Exchange,
): void {
  const handler = foldChain(policies.map(build), terminal);
  const options = { group, baseline: name === "no policy" };
  Deno.bench(name, options, async () => {
    for (let i = 0; i < RUN; i++) {
      const reply = handler(make());
      sink = reply instanceof Promise ? await reply : reply;
    }
  });
}

for (const [name, policies] of Object.entries(chains)) {
  bench("a browser's POST, answered at once", name, policies, atOnce, () => open("POST", browser));
}
for (const [name, policies] of Object.entries(chains)) {
  bench("a browser's POST, answered later", name, policies, later, () => open("POST", browser));
}
for (const name of ["no policy", "cors, one origin", "csrf"]) {
  bench("a program's GET, answered at once", name, chains[name], atOnce, () => open("GET", program));
}
for (const name of ["no policy", "cors, one origin"]) {
  const empty: Handler = () => new Reply(204, HeaderList.of(), null);
  bench("a preflight", name, chains[name], empty, () => open("OPTIONS", asking));
}
