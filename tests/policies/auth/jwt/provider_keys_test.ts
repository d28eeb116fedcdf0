import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import type { Exchange } from "../../../../src/core/exchange.ts";
import type { MaybePromise } from "../../../../src/core/handler.ts";
import { HeaderList } from "../../../../src/core/header_list.ts";
import { Reply } from "../../../../src/core/reply.ts";
import { makeExchange } from "../../../support/exchange.ts";
import { SeenTraces } from "../../../support/recorded_trace.ts";
import { turn } from "../../../support/turn.ts";
import { GOOD, Signer } from "../../../support/token_signer.ts";
import { JwtBed } from "../jwt_bed.ts";

const OLD = await Signer.make("ES256", "old"),
  NEW = await Signer.make("ES256", "new"),
  ED = await Signer.make("EdDSA", "ed");
const ISSUER = "https://id.example";

/** An issuer that answers as a test tells it, one call after the other. */
class Issuer {
  keys: readonly object[] = [OLD.jwk];
  fields: string[] = [];
  /** In place of the keys. */
  answer: ((exchange: Exchange) => MaybePromise<Reply>) | null = null;
  /** Origins that were called, with the path. */
  readonly asked: string[] = [];

  readonly dispatch = (to: string) => (exchange: Exchange): MaybePromise<Reply> => {
    this.asked.push(`${to}${exchange.path}${exchange.query}`);
    return this.answer?.(exchange) ?? json({ keys: this.keys }, ...this.fields);
  };

  /** A policy that fetches its keys here. `random` of 0.5: no jitter. */
  bed(options: object = {}, before?: JwtBed): JwtBed {
    const { dispatch } = this;
    return new JwtBed({ issuer: ISSUER, jwks: `${ISSUER}/keys?v=1`, failures: false, ...options }, {
      env: before?.env,
      world: { dispatch, random: () => 0.5 },
    });
  }
}

function json(value: unknown, ...fields: string[]): Reply {
  return new Reply(200, HeaderList.of(...fields), new TextEncoder().encode(JSON.stringify(value)));
}

const CLAIMS = { ...GOOD, iss: ISSUER };
const token = (signer: Signer, n = 0, header: object = {}) =>
  signer.token({ ...CLAIMS, exp: GOOD.exp + 1e6, n }, header);

Deno.test("jwt() fetches keys when it is built, without being asked, and keeps requests waiting meanwhile", async () => {
  const issuer = new Issuer(), answer = Promise.withResolvers<Reply>();
  issuer.answer = () => answer.promise;
  const bed = issuer.bed();
  assert.deepEqual(issuer.asked, [], "not before the plan stands");
  await turn();
  assert.deepEqual(issuer.asked, [`${ISSUER}/keys?v=1`]);
  const asked = bed.ask(await token(OLD));
  await turn();
  assert.equal(bed.passed.length, 0);
  answer.resolve(json({ keys: [OLD.jwk] }));
  assert.equal((await asked).status, 200);
  assert.equal(issuer.asked.length, 1);
});

Deno.test("jwt() answers 503 while there are no keys, and is not waited for any longer than its timeout", async () => {
  const issuer = new Issuer();
  issuer.answer = (exchange) =>
    new Promise((_, reject) => exchange.onAbort({ abandon: () => reject(new Error("aborted")) }));
  const bed = issuer.bed({ provider: { timeout: "1s" } }), asked = bed.ask(await token(OLD));
  await turn();
  await bed.env.clock.pass(1_100);
  const { status, exchange, reply } = await asked;
  assert.deepEqual([status, exchange.error, exchange.auth], [503, "auth_unavailable", "unavailable"]);
  assert.equal(reply.header("www-authenticate"), null);
  const again = await bed.ask(await token(OLD));
  assert.equal(again.status, 503, "at once, while nothing is under way");
  assert.match(JSON.stringify(bed.env.logged), /no answer after 1000 ms/);
  issuer.answer = null;
  await bed.env.clock.pass(1_000);
  assert.equal((await bed.ask(await token(OLD))).status, 200);
});

Deno.test("jwt() asks again after 1 s, 2 s, 4 s and no more than the cooldown while there are no keys", async () => {
  const issuer = new Issuer();
  const times: number[] = [];
  issuer.answer = () => {
    times.push(bed.env.clock.now());
    return new Reply(500, HeaderList.of(), null);
  };
  const bed = issuer.bed({ provider: { cooldown: "5s" } });
  await bed.env.clock.pass(18_000);
  assert.deepEqual(times, [0, 1_000, 3_000, 7_000, 12_000, 17_000]);
});

Deno.test("jwt() fetches once for a kid that it does not know, however many requests bring it", async () => {
  const issuer = new Issuer(), bed = issuer.bed();
  assert.equal((await bed.ask(await token(OLD))).status, 200);
  bed.env.clock.advance(30_000);
  issuer.keys = [OLD.jwk, NEW.jwk];
  const tokens = await Promise.all([1, 2, 3].map((n) => token(NEW, n)));
  const asked = await Promise.all(tokens.map((one) => bed.ask(one)));
  assert.deepEqual(asked.map(({ status }) => status), [200, 200, 200]);
  assert.equal(issuer.asked.length, 2);
});

Deno.test("jwt() fetches at most once in a cooldown for the sake of strangers", async () => {
  const issuer = new Issuer(), bed = issuer.bed();
  await bed.ask(await token(OLD));
  const unknown = async (n: number) => (await bed.ask(await token(NEW, n, { kid: `kid-${n}` }))).reason;
  const reason = "there is no key of the token's kid and alg";
  for (let n = 0; n < 5; n++) assert.equal(await unknown(n), reason);
  assert.equal(issuer.asked.length, 1, "the first fetch is not long ago");
  bed.env.clock.advance(30_000);
  for (let n = 0; n < 5; n++) assert.equal(await unknown(n), reason);
  assert.equal(issuer.asked.length, 2);
});

Deno.test("jwt() learns of new keys by tokens without kid, or with the old one, that no known key has signed", async () => {
  const other = await Signer.make("ES256", "old"), bare = await Signer.make("ES256"), rsa = await Signer.make("RS256");
  for (const [name, signer] of [["the old kid", other], ["no kid", bare], ["no kid, and another alg", rsa]] as const) {
    const issuer = new Issuer(), bed = issuer.bed(), old = await token(OLD);
    assert.equal((await bed.ask(old)).status, 200, name);
    issuer.keys = [signer.jwk];
    assert.equal((await bed.ask(await token(signer))).status, 401, `${name}: the first fetch is not long ago`);
    assert.equal(issuer.asked.length, 1, name);
    bed.env.clock.advance(30_000);
    const asked = await Promise.all([1, 2, 3].map(async (n) => bed.ask(await token(signer, n))));
    assert.deepEqual(asked.map(({ status }) => status), [200, 200, 200], name);
    assert.equal(issuer.asked.length, 2, name);
    assert.equal((await bed.ask(old)).status, 401, `${name}: its key was withdrawn`);
  }
});

Deno.test("jwt() fetches at most once in a cooldown for the sake of signatures that are wrong, and refuses them", async () => {
  const issuer = new Issuer(), bed = issuer.bed(), bare = await Signer.make("ES256");
  await bed.ask(await token(OLD));
  bed.env.clock.advance(30_000);
  for (let n = 0; n < 5; n++) assert.match((await bed.ask(await token(NEW, n, { kid: "old" }))).reason, /signature/);
  assert.equal(issuer.asked.length, 2);
  issuer.answer = () => new Reply(500, HeaderList.of(), null);
  bed.env.clock.advance(30_000);
  for (let n = 0; n < 5; n++) assert.match((await bed.ask(await token(bare, n))).reason, /signature/);
  assert.equal(issuer.asked.length, 3, "an issuer that is away makes no difference");
});

Deno.test("jwt() tries keys that came while a token was being checked", async () => {
  const issuer = new Issuer(), bed = issuer.bed({ provider: { refresh: "10s", cooldown: "1h" } });
  await bed.ask(await token(OLD));
  issuer.keys = [{ ...NEW.jwk, kid: "old" }];
  const young = bed.ask(await token(NEW, 1, { kid: "old" }));
  bed.env.clock.advance(10_000);
  assert.equal((await young).status, 200);
  assert.equal(issuer.asked.length, 2);
});

Deno.test("jwt() asks the issuer about no token that is wrong in other ways, or whose kid is of another alg", async () => {
  const issuer = new Issuer(), bed = issuer.bed();
  await bed.ask(await token(OLD));
  bed.env.clock.advance(30_000);
  for (const claims of [{ iss: "https://evil.example" }, { aud: "other" }, { exp: 1 }]) {
    assert.equal((await bed.ask(await NEW.token({ ...CLAIMS, ...claims }))).status, 401);
  }
  assert.match((await bed.ask(await token(ED, 0, { kid: "old" }))).reason, /no key/);
  assert.equal(issuer.asked.length, 1);
});

Deno.test("jwt() fetches in the background, and forgets tokens of keys that were withdrawn", async () => {
  const issuer = new Issuer(), bed = issuer.bed(), one = await token(OLD);
  issuer.keys = [OLD.jwk, NEW.jwk];
  assert.equal((await bed.ask(one)).status, 200);
  const { identity } = (await bed.ask(one)).exchange;
  issuer.keys = [NEW.jwk, OLD.jwk, ED.jwk];
  await bed.env.clock.pass(600_000);
  await turn();
  assert.equal(issuer.asked.length, 2);
  const kept = (await bed.ask(one)).exchange.identity;
  assert.notEqual(kept, identity, "10 minutes are more than a token is remembered");
  assert.equal((await bed.ask(one)).exchange.identity, kept);
  issuer.keys = [NEW.jwk];
  await bed.env.clock.pass(599_000);
  assert.equal((await bed.ask(one)).status, 200);
  await bed.env.clock.pass(1_000);
  await turn();
  assert.match((await bed.ask(one)).reason, /no key of the token's kid/, "remembered a second ago");
  assert.ok(bed.env.logged.some(({ message }) => message === "keys of an issuer were withdrawn"));
});

Deno.test("jwt() takes another key under the same kid for another key", async () => {
  const issuer = new Issuer(), bed = issuer.bed({ cache: { ttl: "1h" } }), one = await token(OLD);
  assert.equal((await bed.ask(one)).status, 200);
  issuer.keys = [{ ...NEW.jwk, kid: "old" }];
  await bed.env.clock.pass(600_000);
  await turn();
  assert.match((await bed.ask(one)).reason, /signature/);
});

Deno.test("jwt() keeps the last good keys whatever the issuer answers", async () => {
  const bytes = (text: string | Uint8Array) => typeof text === "string" ? new TextEncoder().encode(text) : text;
  const broken: readonly (readonly [name: string, answer: () => Reply])[] = [
    ["a failure", () => new Reply(500, HeaderList.of(), null)],
    ["keys that are not found", () => new Reply(404, HeaderList.of(), bytes(JSON.stringify({ keys: [NEW.jwk] })))],
    ["a redirect", () => new Reply(302, HeaderList.of("location", "https://evil.example/keys"), null)],
    ["not modified", () => new Reply(304, HeaderList.of(), null)],
    ["nothing", () => new Reply(200, HeaderList.of(), null)],
    ["no JSON", () => new Reply(200, HeaderList.of(), bytes("<html>"))],
    ["broken UTF-8", () => new Reply(200, HeaderList.of(), Uint8Array.of(0x22, 0xff, 0x22))],
    ["a list", () => json([NEW.jwk])],
    ["null", () => json(null)],
    ["keys that are none", () => json({ keys: "x" })],
    ["no keys", () => json({ keys: [] })],
    [
      "keys that cannot be used",
      () => json({ keys: [{ kty: "oct", k: "AAAA" }, { ...NEW.jwk, use: "enc" }, 7, null, NEW.privateJwk] }),
    ],
    ["a point beside the curve", () => json({ keys: [{ ...NEW.jwk, y: NEW.jwk.x }] })],
    ["too many keys", () => json({ keys: Array.from({ length: 101 }, () => NEW.jwk) })],
    ["too much", () => new Reply(200, HeaderList.of(), bytes(`{"keys":[],"x":"${"x".repeat(600_000)}"}`))],
    ["an exception", () => {
      throw new Error("connection refused");
    }],
  ];
  for (const [name, answer] of broken) {
    const issuer = new Issuer(), bed = issuer.bed();
    assert.equal((await bed.ask(await token(OLD))).status, 200, name);
    issuer.answer = answer;
    bed.env.clock.advance(30_000);
    assert.equal((await bed.ask(await token(NEW))).status, 503, `${name}: whether the key is good nobody can tell`);
    assert.equal(issuer.asked.length, 2, name);
    assert.equal((await bed.ask(await token(OLD, 1))).status, 200, name);
    assert.ok(bed.env.logged.some(({ message }) => message === "the keys of an issuer cannot be had"), name);
  }
});

Deno.test("jwt() does not use its last good keys for ever", async () => {
  const issuer = new Issuer();
  const bed = issuer.bed({ provider: { refresh: "10m", maxStale: "20m", cooldown: "5m" }, cache: { ttl: "1h" } });
  assert.equal((await bed.ask(await token(OLD))).status, 200);
  issuer.answer = () => new Reply(500, HeaderList.of(), null);
  await bed.env.clock.pass(1_199_000);
  assert.ok(issuer.asked.length > 2);
  assert.equal((await bed.ask(await token(OLD, 1))).status, 200);
  await bed.env.clock.pass(2_000);
  await turn();
  assert.equal((await bed.ask(await token(OLD, 2))).status, 503);
  assert.equal((await bed.ask(await token(OLD, 1))).status, 503, "what they had verified, too");
  issuer.answer = null;
  await bed.env.clock.pass(301_000);
  await turn();
  assert.equal((await bed.ask(await token(OLD, 2))).status, 200);
});

Deno.test("jwt() uses the keys that it can use of a set with others", async () => {
  const issuer = new Issuer(), small = { kty: "RSA", n: "AQAB", e: "AQAB", kid: "small" };
  issuer.keys = [{ kty: "AKP", alg: "ML-DSA-44" }, small, { ...NEW.jwk, use: "enc" }, OLD.jwk, {
    ...ED.jwk,
    alg: "ES256",
  }];
  const bed = issuer.bed();
  assert.equal((await bed.ask(await token(OLD))).status, 200);
  assert.match((await bed.ask(await token(NEW))).reason, /no key/);
  assert.match((await bed.ask(await token(ED))).reason, /no key/);
});

Deno.test("jwt() lets max-age make the time to the next fetch shorter and longer, within bounds", async () => {
  const cases: [value: string, pause: number][] = [
    ["public, max-age=120", 120_000],
    ["max-age=1", 60_000],
    ["max-age=86400", 3_600_000],
    ["no-store", 600_000],
    ["s-maxage=120", 600_000],
    ['Max-Age="300"', 300_000],
  ];
  for (const [value, pause] of cases) {
    const issuer = new Issuer();
    issuer.fields = ["cache-control", value];
    const bed = issuer.bed();
    await bed.ask(await token(OLD));
    bed.env.clock.advance(1_200);
    assert.ok(Math.abs(bed.env.clock.untilNext! + 1_200 - pause) < 1, value);
  }
});

Deno.test("jwt() finds the keys by the issuer's document, which must be the issuer's own", async () => {
  const document = { issuer: ISSUER, jwks_uri: "https://keys.example:8443/jwks?x=1" };
  const cases: [name: string, document: unknown, status: number][] = [
    ["its own", document, 200],
    ["another's", { ...document, issuer: "https://evil.example" }, 503],
    ["nearly its own", { ...document, issuer: `${ISSUER}/` }, 503],
    ["one that tells of no keys", { issuer: ISSUER }, 503],
    ["one whose keys are no URL", { ...document, jwks_uri: "/jwks" }, 503],
    ["one whose keys are of another scheme", { ...document, jwks_uri: "file:///etc/passwd" }, 503],
    ["one whose keys are not protected", { ...document, jwks_uri: "http://keys.example/jwks" }, 503],
    ["none", "x", 503],
  ];
  for (const [name, document, status] of cases) {
    const issuer = new Issuer();
    issuer.answer = (exchange) => exchange.path.includes("well-known") ? json(document) : json({ keys: [OLD.jwk] });
    const bed = issuer.bed({ jwks: undefined, discovery: true });
    assert.equal((await bed.ask(await token(OLD))).status, status, name);
    const asked = [`${ISSUER}/.well-known/openid-configuration`, "https://keys.example:8443/jwks?x=1"];
    assert.deepEqual(issuer.asked, status === 200 ? asked : asked.slice(0, 1), name);
  }
});

Deno.test("jwt() keeps its keys over a reload, shares them, and reaches the issuer over the new upstreams", async () => {
  const before = new Issuer(), after = new Issuer(), first = before.bed();
  await first.ask(await token(OLD));
  const second = after.bed({ realm: "other" }, first);
  assert.equal((await second.ask(await token(OLD))).status, 200);
  assert.deepEqual([before.asked.length, after.asked.length], [1, 0]);
  first.env.clock.advance(30_000);
  after.keys = [NEW.jwk];
  assert.equal((await second.ask(await token(NEW))).status, 200);
  assert.deepEqual([before.asked.length, after.asked.length], [1, 1]);
});

Deno.test("jwt() keeps its last good keys when its settings change while the issuer is away", async () => {
  const issuer = new Issuer(), first = issuer.bed({ provider: { refresh: "10m", maxStale: "1h" } });
  await first.ask(await token(OLD));
  const hanging = Promise.withResolvers<Reply>();
  issuer.answer = () => hanging.promise;
  first.env.clock.advance(1_200_000);
  const changed = { provider: { maxStale: "72h", timeout: "20s" }, algorithms: ["ES256", "EdDSA"] };
  const young = await token(OLD, 1), second = issuer.bed(changed, first);
  assert.equal((await second.ask(young)).status, 200, "without waiting for the issuer");
  hanging.resolve(new Reply(500, HeaderList.of(), null));
  await turn();
  assert.equal((await second.ask(await token(OLD, 2))).status, 200);
  second.env.clock.advance(71 * 3_600_000);
  assert.equal((await second.ask(await token(OLD, 3))).status, 200, "for as long as the new settings say");
  const third = issuer.bed({ provider: { refresh: "10m", maxStale: "30m" } }, first);
  await turn();
  assert.equal((await third.ask(await token(OLD, 4))).status, 503, "they are too old");
});

Deno.test("jwt() tells the issuer who asks, and for what", async () => {
  const issuer = new Issuer(), seen: (readonly string[])[] = [];
  issuer.answer = ({ headers }) => {
    seen.push(headers.flat());
    return json({ keys: [OLD.jwk] });
  };
  await issuer.bed().ask(await token(OLD));
  assert.deepEqual(seen, [[
    ...["accept", "application/json, application/jwk-set+json", "accept-encoding", "identity"],
    ...["user-agent", "gatewright"],
  ]]);
});

Deno.test("jwt() reads keys that come as gzip, and says why it cannot read others", async () => {
  const plain = JSON.stringify({ keys: [OLD.jwk] }), zipped = (text: string) => new Uint8Array(gzipSync(text));
  const cases: [coding: string, body: Uint8Array, reason: string | null][] = [
    ["gzip", zipped(plain), null],
    ["X-GZIP", zipped(plain), null],
    ["identity", new TextEncoder().encode(plain), null],
    ["br", zipped(plain), "the JWKS is compressed, and not by gzip"],
    ["gzip, gzip", zipped(plain), "the JWKS is compressed, and not by gzip"],
    ["gzip", new TextEncoder().encode(plain), "the JWKS is no gzip, or too long"],
    ["gzip", zipped(`{"keys":[],"x":"${"x".repeat(600_000)}"}`), "the JWKS is no gzip, or too long"],
    ["gzip", zipped("<html>"), "the JWKS is no JSON"],
  ];
  for (const [coding, body, reason] of cases) {
    const issuer = new Issuer();
    issuer.answer = () => new Reply(200, HeaderList.of("content-encoding", coding), body);
    const bed = issuer.bed(), { status } = await bed.ask(await token(OLD));
    assert.equal(status, reason === null ? 200 : 503, coding);
    const logged = bed.env.logged.map(({ fields }) => fields?.reason);
    assert.deepEqual(logged, reason === null ? [] : [reason], coding);
  }
});

Deno.test("jwt() keys that are closed ask no more", async () => {
  const issuer = new Issuer(), closable: { close(): void }[] = [];
  const bed = issuer.bed();
  const { state } = bed.env;
  const spied = {
    ...bed.env,
    state: ((id, shape, create) => {
      const made = state(id, shape, create);
      if ("close" in made) closable.push(made as unknown as { close(): void });
      return made;
    }) as typeof state,
  };
  const again = new JwtBed({ issuer: ISSUER, jwks: `${ISSUER}/keys?v=1` }, { env: spied });
  await again.ask(await token(OLD));
  assert.equal(closable.length, 1);
  closable[0].close();
  await bed.env.clock.pass(3_600_000);
  assert.equal(issuer.asked.length, 1);
  assert.equal(bed.env.clock.pending, 0);
});

Deno.test("jwt() fetches keys for the sake of a token as part of that request's trace", async () => {
  const issuer = new Issuer(), bed = issuer.bed({ provider: { cooldown: "1s" } }), trace = new SeenTraces().trace();
  const traces: (string | undefined)[] = [];
  issuer.answer = (exchange) => {
    traces.push(exchange.trace?.spanId);
    return json({ keys: [OLD.jwk, NEW.jwk] });
  };
  await bed.ask(await token(OLD));
  await bed.env.clock.pass(1_100);
  const exchange = makeExchange({
    headers: [["authorization", `Bearer ${await token(ED)}`]],
    startedAt: bed.env.clock.now(),
  });
  exchange.trace = trace;
  assert.equal((await bed.handler(exchange)).status, 401);
  assert.deepEqual(traces, [undefined, trace.spanId]);
});
