import { strict as assert } from "node:assert";
import { forwardedText } from "../../src/http/forwarded.ts";
import { ForwardedMemo } from "../../src/http/forwarded_memo.ts";
import { type ExchangeOptions, makeExchange } from "../support/exchange.ts";

const near = { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false };
const far = { ip: "2001:db8::1", peer: "2001:db8::1", trusted: false };
const proxy = { ip: "203.0.113.9", peer: "10.0.0.1", trusted: true };

/** One after another through one memory. */
const REQUESTS: readonly (readonly [what: string, options: ExchangeOptions])[] = [
  ["a first request", { client: near }],
  ["the same again", { client: near }],
  ["another host", { client: near, authority: "other.test" }],
  ["another scheme", { client: near, authority: "other.test", scheme: "https" }],
  ["the first again", { client: near }],
  ["a Via of its own", { client: near, headers: [["via", "1.0 fred"]] }],
  ["none again", { client: near }],
  ["another client", { client: far }],
  ["a trusted proxy", { client: proxy, headers: [["x-forwarded-for", "203.0.113.9"]] }],
  ["the same proxy for another", { client: proxy, headers: [["x-forwarded-for", "198.51.100.1"]] }],
];

Deno.test("ForwardedMemo gives what forwardedText() gives, whoever asked before", () => {
  const memo = new ForwardedMemo();
  for (const [what, options] of REQUESTS) {
    const exchange = makeExchange(options);
    assert.equal(memo.text(exchange), forwardedText(exchange), what);
  }
});
