/** Heads: scanning, parsing, forwarding, look-ups; and what keys and templates cost. @module */

import { Buffer } from "node:buffer";
import { FieldSet } from "../src/core/field_set.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { parseKey } from "../src/core/key.ts";
import { HeadScanner } from "../src/http/head_scanner.ts";
import { REQUEST_DROP } from "../src/http/forwarded.ts";
import { decodeLatin1, encodeLatin1 } from "../src/http/latin1.ts";
import { TextHeaders } from "../src/http/text_headers.ts";
import { fieldValue } from "../src/policies/shape/field_value.ts";
import { parseResponseHead } from "../src/transport/response_head.ts";
import { RequestHeads } from "../src/upstreams/request_head.ts";
import { makeExchange } from "../tests/support/exchange.ts";

const RESPONSE = Buffer.from(
  [
    "HTTP/1.1 200 OK",
    "Server: nginx/1.22.1",
    "Date: Sat, 21 Nov 2026 10:00:00 GMT",
    "Content-Type: application/json",
    "Content-Length: 207",
    "Connection: keep-alive",
    "Cache-Control: private, max-age=30",
    'ETag: "5d8c72a5edda8"',
    "Vary: Accept-Encoding, Origin",
    "X-Content-Type-Options: nosniff",
    "Strict-Transport-Security: max-age=63072000",
    "Access-Control-Allow-Origin: https://app.example.com",
    "X-RateLimit-Remaining: 4999",
    "",
    "",
  ].join("\r\n"),
);
const FIELDS: [string, string][] = [
  ["host", "api.example.com"],
  ["user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"],
  ["accept", "text/html,application/json"],
  ["accept-language", "en-US,en;q=0.9"],
  ["accept-encoding", "gzip, deflate, br"],
  ["cookie", "sid=abcdef0123456789; theme=dark"],
  ["referer", "https://app.example.com/x"],
  ["origin", "https://app.example.com"],
  ["authorization", "Bearer abcdefghijklmnopqrstuvwxyz0123456789"],
];

const scanner = new HeadScanner(256), nothing = new FieldSet([]);
scanner.scan(RESPONSE, 0, RESPONSE.length);
const text = decodeLatin1(RESPONSE, 0, RESPONSE.length), parsed = TextHeaders.scanned(text, scanner);
const exchange = makeExchange({ headers: FIELDS, params: { id: "7" } }), heads = new RequestHeads("x-request-id");
const out = new Uint8Array(4096), requestHead = heads.head(exchange, "/users/7", "api.example.com");
const fill = fieldValue("user-{param:id}-{header:origin}");

Deno.bench("response head, 12 fields: scan", { group: "head", baseline: true }, () => {
  scanner.scan(RESPONSE, 0, RESPONSE.length);
});
Deno.bench("response head, 12 fields: parse", { group: "head" }, () => {
  parseResponseHead(scanner, RESPONSE, 0, RESPONSE.length, "GET");
});
Deno.bench("header list: get a known field", { group: "list", baseline: true }, () => {
  parsed.get("etag");
});
Deno.bench("header list: get another field", { group: "list" }, () => {
  parsed.get("x-ratelimit-remaining");
});
Deno.bench("header list: text, nothing dropped", { group: "list" }, () => {
  parsed.text(nothing);
});
Deno.bench("header list: text, as forwarded", { group: "list" }, () => {
  parsed.text(REQUEST_DROP);
});
Deno.bench("header list: flat", { group: "list" }, () => {
  parsed.flat();
});
Deno.bench("header list: set a new field", { group: "list" }, () => {
  new HeaderList(parsed).set("x-new", "1");
});
Deno.bench("header list: set a field that is there", { group: "list" }, () => {
  new HeaderList(parsed).set("etag", "1");
});
Deno.bench("request head, 9 fields: make", { group: "request", baseline: true }, () => {
  heads.head(exchange, "/users/7", "api.example.com");
});
Deno.bench("request head: encode", { group: "request" }, () => {
  encodeLatin1(requestHead, out, 0);
});
for (const key of ["ip", "header:origin", "cookie:theme", "param:id"]) {
  const read = parseKey(key)!;
  Deno.bench(`key ${key}`, { group: "key", baseline: key === "ip" }, () => {
    read(exchange);
  });
}
Deno.bench("template with two keys", { group: "key" }, () => {
  if (typeof fill !== "string") fill(exchange);
});
