/**
 * What checking a token costs: `deno bench --allow-all bench/jwt_bench.ts`. Known tokens are looked at a thousand a run, so
 * microseconds read as nanoseconds; each request brings its token as a text of its own, as an engine hands it over, so that
 * nothing is known of it but its characters. Checks of signatures go one after the other. The peer is jose's `jwtVerify`
 * with the same key and the same claims.
 *
 * @module
 */

import { importJWK, jwtVerify } from "jose";
import { Buffer } from "node:buffer";
import type { BuildEnv } from "../src/core/build_env.ts";
import { NO_CONSUMERS } from "../src/core/consumers.ts";
import { Exchange } from "../src/core/exchange.ts";
import type { Handler } from "../src/core/handler.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { systemClock } from "../src/core/clock.ts";
import { Reply } from "../src/core/reply.ts";
import { jwtDefinition } from "../src/policies/auth/jwt.ts";
import { jwtSchema } from "../src/policies/auth/jwt_schema.ts";
import { VerifiedCache } from "../src/policies/auth/verified_cache.ts";
import { hmacToken, Signer } from "../tests/support/token_signer.ts";

const RUN = 1000, TOKENS = 1000, SECRET = "a secret of at least thirty-two bytes";
const client = { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false };
const reply = new Reply(200, HeaderList.of(), null);
const claims = { iss: "https://id.example", aud: "api", exp: Math.floor(systemClock.wall() / 1_000) + 86_400 };

/** As much of a gateway as a policy with its own key needs. */
const env = {
  clock: systemClock,
  consumers: NO_CONSUMERS,
  secrets: () => ({ value: SECRET }),
  state: (_id: string, _shape: unknown, create: () => object) => create(),
} as unknown as BuildEnv;

function handler(options: object): Handler {
  const plan = jwtSchema.parse({ issuer: claims.iss, audience: claims.aud, failures: false, ...options });
  return jwtDefinition.build(plan, env, "bench")(() => reply);
}

function exchangeWith(authorization: string, startedAt: number): Exchange {
  return new Exchange({
    method: "GET",
    path: "/",
    query: "",
    authority: "gateway.test",
    host: "gateway.test",
    scheme: "http",
    client,
    headers: HeaderList.of("host", "gateway.test", "accept", "*/*", "authorization", authorization),
    body: null,
    requestId: "req-1",
    startedAt,
  });
}

/** Keeps the compiler from leaving the work out. */
export let sink = 0;

/** A text that nobody has hashed yet. */
const fresh = (bytes: Buffer) => bytes.toString("latin1");

for (const alg of ["ES256", "RS256"]) {
  const signer = await Signer.make(alg), handle = handler({ publicKey: signer.jwk, algorithms: alg });
  const tokens = await Promise.all(
    Array.from({ length: TOKENS }, (_, n) => signer.token({ ...claims, sub: `user-${n}`, scope: "read write" })),
  );
  const carriers = tokens.map((token) => Buffer.from(`Bearer ${token}`));
  const group = `tokens that are known, of ${tokens[0].length} characters`;
  const now = systemClock.now(), cache = new VerifiedCache<object>(10_000);
  for (const carrier of carriers) {
    cache.set(fresh(carrier), client, Infinity);
    await handle(exchangeWith(fresh(carrier), now));
  }
  Deno.bench("1000 × look-up", { group, n: 1000, warmup: 200 }, (b) => {
    const texts = carriers.map(fresh);
    b.start();
    for (let i = 0; i < RUN; i++) if (cache.get(texts[i], now) !== undefined) sink++;
    b.end();
  });
  Deno.bench("1000 × jwt()", { group, n: 1000, warmup: 200 }, (b) => {
    const exchanges = carriers.map((carrier) => exchangeWith(fresh(carrier), systemClock.now()));
    b.start();
    for (let i = 0; i < RUN; i++) if (handle(exchanges[i]) === reply) sink++;
    b.end();
    if (exchanges.some(({ auth }) => auth !== "passed")) throw new Error("a token was not known");
  });
}

const ec = await Signer.make("ES256"), rsa = await Signer.make("RS256"), ed = await Signer.make("EdDSA");
const hmac = { token: () => hmacToken(SECRET, { ...claims, sub: "ann" }) };
const kinds = [
  ["ES256", await ec.token({ ...claims, sub: "ann" }), { publicKey: ec.jwk }, await importJWK(ec.jwk, "ES256")],
  ["RS256", await rsa.token({ ...claims, sub: "ann" }), { publicKey: rsa.jwk }, await importJWK(rsa.jwk, "RS256")],
  ["EdDSA", await ed.token({ ...claims, sub: "ann" }), { publicKey: ed.jwk }, await importJWK(ed.jwk, "EdDSA")],
  ["HS256", await hmac.token(), { secret: { env: "KEY" } }, new TextEncoder().encode(SECRET)],
] as const;

for (const [alg, token, options, key] of kinds) {
  const group = `${alg}, checked`, handle = handler({ ...options, algorithms: alg, cache: false });
  Deno.bench("jwt()", { group }, async () => {
    const exchange = exchangeWith(`Bearer ${token}`, systemClock.now());
    await handle(exchange);
    if (exchange.auth !== "passed") throw new Error(exchange.reason);
  });
  Deno.bench("jose", { group }, async () => {
    await jwtVerify(token, key, { issuer: claims.iss, audience: claims.aud, algorithms: [alg] });
  });
}

const strangers = handler({ publicKey: ec.jwk });
const [header, payload] = kinds[0][1].split(".");
for (
  const [name, token] of [
    ["noise", "x".repeat(300)],
    ["another alg", kinds[3][1]],
    ["no signature that could be one", `${header}.${payload}.AAAA`],
  ] as const
) {
  Deno.bench(name, { group: "tokens that are not good" }, async () => {
    const exchange = exchangeWith(`Bearer ${token}`, systemClock.now());
    await strangers(exchange);
    if (exchange.auth !== "invalid") throw new Error(exchange.auth);
  });
}
