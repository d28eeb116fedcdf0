/**
 * What it costs to check a signed request: `deno bench bench/hmac_bench.ts`, beside the hash that it cannot do without.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { Exchange } from "../src/core/exchange.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { sharedKeyCheck } from "../src/policies/auth/hmac/algorithms.ts";
import { Coverage } from "../src/policies/auth/hmac/coverage.ts";
import { candidateOf, type SignatureTerms } from "../src/policies/auth/hmac/signature_check.ts";
import { systemClock } from "../src/core/clock.ts";

const secret = Buffer.alloc(32, 7), created = Math.floor(systemClock.wall() / 1000);
const input = `("@method" "@authority" "@path" "@query");created=${created};keyid="k";nonce="1234567890abcdef"`;
const text = [
  '"@method": GET',
  '"@authority": gateway.test',
  '"@path": /orders',
  '"@query": ?a=1',
  `"@signature-params": ${input}`,
].join("\n");
const signature = createHmac("sha256", secret).update(text).digest("base64");
const check = sharedKeyCheck(secret);

const terms: SignatureTerms = {
  keys: new Map([["k", { id: "k", algorithm: "hmac-sha256", check, identity: {} }]]),
  wanted: { knows: (keyid) => keyid === "k" },
  coverage: new Coverage(["@method", "@authority", "@path", "@query"]),
  window: 3_600_000,
  scheme: null,
};

const exchange = new Exchange({
  method: "GET",
  path: "/orders",
  query: "?a=1",
  authority: "gateway.test",
  host: "gateway.test",
  scheme: "http",
  client: { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false },
  headers: HeaderList.of("signature-input", `sig1=${input}`, "signature", `sig1=:${signature}:`),
  body: null,
  requestId: "1",
  startedAt: 0,
});

/** Keeps the compiler from leaving the work out. */
export let sink = 0;

Deno.bench("plain createHmac over the same text", { group: "hmac", baseline: true }, () => {
  sink += createHmac("sha256", secret).update(text, "latin1").digest()[0];
});

Deno.bench("reading the fields and putting the text together", { group: "hmac" }, () => {
  const candidate = candidateOf(exchange, terms, systemClock);
  if (candidate !== null && "base" in candidate) sink++;
});

Deno.bench("all of it", { group: "hmac" }, () => {
  const candidate = candidateOf(exchange, terms, systemClock);
  if (candidate === null || !("base" in candidate)) throw new Error("not signed");
  if (!candidate.key.check(candidate.base.text, candidate.signature)) throw new Error("not right");
});
