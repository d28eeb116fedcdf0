import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { type Consumers, NO_CONSUMERS } from "../../../src/core/consumers.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { introspect, introspectDefinition } from "../../../src/policies/auth/introspect.ts";
import { secret } from "../../../src/core/secret.ts";
import { makeExchange, readText, ScriptedBody } from "../../support/exchange.ts";
import { SeenTraces } from "../../support/recorded_trace.ts";
import { CLIENT_SECRET, IntrospectBed, json, type Says } from "./introspect_bed.ts";

/** What the fake clock says at first, in seconds. */
const NOW = Date.UTC(2026, 0, 1) / 1_000;

const active = { active: true, sub: "alice", scope: "read write", iss: "https://id.example" };

Deno.test("introspect() asks as RFC 7662 says, and shows who it is as RFC 6749 says", async () => {
  const bed = new IntrospectBed(() => active);
  assert.equal(await bed.status("tok+en/~1=="), 200);
  const [form] = bed.asked, [call] = bed.calls;
  assert.deepEqual([...form], [["token", "tok+en/~1=="], ["token_type_hint", "access_token"]]);
  assert.deepEqual([call.method, call.path], ["POST", "/introspect"]);
  assert.equal(call.headers.get("content-type"), "application/x-www-form-urlencoded");
  assert.deepEqual(["accept", "accept-encoding"].map((name) => call.headers.get(name)), [
    "application/json",
    "identity",
  ]);
  const [scheme, credentials] = call.headers.get("authorization")!.split(" ");
  const [id, secret] = Buffer.from(credentials, "base64").toString().split(":");
  assert.deepEqual([scheme, id, decodeURIComponent(secret.replaceAll("+", " "))], ["Basic", "gateway", CLIENT_SECRET]);
  const post = new IntrospectBed(() => active, { authentication: "post" });
  assert.equal(await post.status("t"), 200);
  assert.equal(post.calls[0].headers.get("authorization"), null);
  assert.deepEqual([post.asked[0].get("client_id"), post.asked[0].get("client_secret")], ["gateway", CLIENT_SECRET]);
  // Others may wait for the same answer: it is nobody's call.
  assert.equal(call.client.ip, "127.0.0.1");
});

Deno.test("introspect() knows who is asking by the answer", async () => {
  const consumers: Consumers = {
    ...NO_CONSUMERS,
    ofSubject: (subject, issuer) =>
      subject === "alice" && issuer === "https://id.example" ? { name: "acme", groups: ["partners"] } : undefined,
  };
  const bed = new IntrospectBed((token) => ({ ...active, sub: token }), {}, { consumers });
  const exchange = bed.withToken("alice");
  assert.equal((await bed.send(exchange)).status, 200);
  assert.deepEqual({ ...exchange.identity }, {
    method: "introspect",
    subject: "alice",
    scopes: ["read", "write"],
    claims: { ...active, sub: "alice" },
    consumer: "acme",
    groups: ["partners"],
  });
  assert.deepEqual([exchange.credentialed, exchange.auth], [true, "passed"]);
  const other = bed.withToken("bob");
  await bed.send(other);
  assert.deepEqual([other.identity?.consumer, other.identity?.subject], [undefined, "bob"]);
  const named = new IntrospectBed(() => ({ active: true, username: "carol", realm_access: { roles: ["a"] } }), {
    groups: ["realm_access", "roles"],
  });
  const carol = named.withToken("t");
  await named.send(carol);
  assert.deepEqual([carol.identity?.subject, carol.identity?.groups, carol.identity?.scopes], [
    "carol",
    ["a"],
    undefined,
  ]);
});

Deno.test("introspect() tells the upstream what it is to be told, and nobody else does", async () => {
  const bed = new IntrospectBed((token) => token === "good" ? { ...active, name: "Zo\u00eb" } : { active: false }, {
    claims: { "X-User": "sub", "x-name": ["name"], "x-missing": "missing" },
  });
  const forged: [string, string][] = [["x-user", "admin"], ["x-missing", "1"], ["x-other", "2"]];
  const exchange = bed.withToken("good", { headers: forged });
  await bed.send(exchange);
  const told = ["x-user", "x-name", "x-missing", "x-other", "authorization"].map((name) => exchange.headers.get(name));
  assert.deepEqual(told, ["alice", "Zo\u00c3\u00ab", null, "2", null]);
  const refused = bed.withToken("bad", { headers: forged });
  await bed.send(refused);
  assert.equal(refused.headers.get("x-user"), null);
  const kept = new IntrospectBed(() => active, { keep: true });
  const request = kept.withToken("good");
  await kept.send(request);
  assert.equal(request.headers.get("authorization"), "Bearer good");
});

Deno.test("introspect() takes tokens from where it is told to, and hides them there", async () => {
  const bed = new IntrospectBed(() => active, { in: ["header:authorization", "cookie:session", "query:access_token"] });
  const cookie = makeExchange({ headers: [["cookie", "a=1; session=t1; b=2"]] });
  assert.equal((await bed.send(cookie)).status, 200);
  assert.equal(cookie.headers.get("cookie"), "a=1; b=2");
  const query = makeExchange({ query: "?a=1&access_token=t2" });
  assert.equal((await bed.send(query)).status, 200);
  assert.equal(query.query, "?a=1");
  assert.deepEqual(bed.asked.map((form) => form.get("token")), ["t1", "t2"]);
  const two = makeExchange({ query: "?access_token=t2", headers: [["authorization", "Bearer t1"]] });
  assert.equal((await bed.send(two)).status, 401);
  assert.equal(two.reason, "there is more than one token");
});

Deno.test("introspect() asks about no text that is no token", async () => {
  const bed = new IntrospectBed(() => active, { failures: false });
  for (
    const value of [
      "Bearer",
      "Bearer ",
      "bearer   ",
      "Bearer a b",
      "Bearer a, Bearer b",
      "Bearer \u00e9",
      `Bearer ${"a".repeat(9_000)}`,
    ]
  ) {
    const exchange = makeExchange({ headers: [["authorization", value]] });
    const { status, reply } = await bed.send(exchange);
    assert.equal(status, 401, value);
    assert.equal(exchange.auth, "invalid", value);
    assert.equal(reply.headers.get("www-authenticate"), 'Bearer realm="gateway", error="invalid_token"');
  }
  for (const headers of [[], [["authorization", "Basic YTpi"]], [["authorization", ""]]] as [string, string][][]) {
    const exchange = makeExchange({ headers });
    const { status, reply } = await bed.send(exchange);
    assert.deepEqual([status, exchange.auth], [401, "absent"]);
    assert.equal(reply.headers.get("www-authenticate"), 'Bearer realm="gateway"');
  }
  assert.equal(bed.asked.length, 0);
  assert.equal((await bed.send(makeExchange({ headers: [["authorization", "bEaReR   abc"]] }))).status, 200);
});

/** Answers of tokens that are active, and not good here. */
const REFUSED: readonly [members: object, why: RegExp][] = [
  [{ active: false }, /is not active/],
  [{ active: false, sub: "alice", exp: NOW + 60 }, /is not active/],
  [{ ...active, exp: NOW }, /has expired/],
  [{ ...active, exp: -1 }, /has expired/],
  [{ ...active, nbf: NOW + 31 }, /not valid yet/],
  [{ ...active, exp: "tomorrow" }, /not what RFC 7662 says/],
  [{ ...active, exp: null }, /not what RFC 7662 says/],
  [{ ...active, sub: 7 }, /not what RFC 7662 says/],
  [{ ...active, iss: "https://other.example" }, /another issuer/],
  [{ ...active, iss: undefined }, /another issuer/],
  [{ ...active, aud: "invoices" }, /another audience/],
  [{ ...active, aud: ["invoices", 7] }, /another audience/],
  [{ ...active, aud: { orders: 1 } }, /another audience/],
  [{ ...active, aud: undefined }, /another audience/],
  [{ ...active, cnf: { jkt: "abc" } }, /bound to a key/],
  [{ ...active, token_type: "DPoP" }, /bound to a key/],
  [{ ...active, token_type: "refresh_token" }, /no access token/],
  [{ ...active, token_use: "refresh_token" }, /no access token/],
  [{ ...active, sub: "a\nb" }, /character that no header may have/],
];

Deno.test("introspect() refuses tokens that are not active, or active for somebody or something else", async () => {
  for (const [members, why] of REFUSED) {
    const bed = new IntrospectBed(() => ({ aud: "orders", ...members }), {
      issuer: "https://id.example",
      audience: ["orders", "stock"],
      claims: { "x-user": "sub" },
    });
    const exchange = bed.withToken("t"), { status, reply, passed } = await bed.send(exchange);
    assert.deepEqual([status, passed, exchange.identity], [401, false, undefined], JSON.stringify(members));
    assert.match(exchange.reason, why);
    assert.equal(reply.headers.get("www-authenticate"), 'Bearer realm="gateway", error="invalid_token"');
    assert.equal(JSON.parse(await readText(reply.body)).code, "credential_invalid");
  }
  for (const aud of ["orders", "stock", ["a", "stock"]]) {
    const bed = new IntrospectBed(
      () => ({ ...active, aud, exp: NOW + 1, nbf: NOW + 30, token_type: "Bearer", cnf: null }),
      {
        issuer: ["https://a.example", "https://id.example"],
        audience: ["orders", "stock"],
      },
    );
    assert.equal(await bed.status("t"), 200);
  }
});

const bytes = (text: string, status = 200) => new Reply(status, HeaderList.of(), new TextEncoder().encode(text));

/** What is no answer: whoever has a good token does not pass either. */
const NONSENSE: readonly [what: string, says: () => Says, why: RegExp][] = [
  ["an error", () => json(active, 500), /status 500/],
  ["that the gateway is not known", () => json(active, 401), /status 401/],
  ["a redirect", () => new Reply(302, HeaderList.of("location", "https://a"), null), /status 302/],
  ["nothing", () => bytes(""), /no JSON object/],
  ["a page", () => bytes("<html>"), /no JSON object/],
  ["half of it", () => bytes('{"active":true'), /no JSON object/],
  ["no UTF-8", () => new Reply(200, HeaderList.of(), new Uint8Array([0x7b, 0xff, 0x7d])), /no JSON object/],
  ["a list", () => json([active]), /no JSON object/],
  ["null", () => json(null), /no JSON object/],
  ["true", () => json(true), /no JSON object/],
  ["no active", () => json({ sub: "alice" }), /does not say active/],
  ["active in quotes", () => json({ ...active, active: "true" }), /does not say active/],
  ["a number", () => json({ ...active, active: 1 }), /does not say active/],
  ["active further up", () => bytes('{"__proto__":{"active":true}}'), /does not say active/],
  ["too much", () => bytes(JSON.stringify({ ...active, a: "a".repeat(70_000) })), /longer than 65536 bytes/],
  [
    "too much, in pieces",
    () => new Reply(200, HeaderList.of(), new ScriptedBody(["{", " ".repeat(70_000)])),
    /longer than/,
  ],
  ["an endless depth", () => bytes("[".repeat(60_000)), /no JSON object/],
  ["a failure", () => Promise.reject(new Error("no route")), /no route/],
];

Deno.test("introspect() lets nobody pass while the provider talks nonsense, and believes nothing of it later", async () => {
  for (const [what, says, why] of NONSENSE) {
    let well = false;
    const bed = new IntrospectBed(() => well ? active : says());
    const exchange = bed.withToken("t"), { status, reply, passed } = await bed.send(exchange);
    assert.deepEqual([status, passed], [503, false], what);
    assert.match(exchange.reason, why, what);
    assert.equal(exchange.auth, "unavailable");
    const { code, detail } = JSON.parse(await readText(reply.body));
    assert.equal(code, "auth_unavailable");
    assert.ok(!detail.includes("id.example"), "the answer does not say who is asked");
    well = true;
    assert.equal(await bed.status("t"), 200, what);
  }
});

Deno.test("introspect() says nothing of a token or a secret, whatever happens", async () => {
  const token = "token-in-question";
  for (const says of [() => active, () => ({ active: false }), () => json({}, 500), () => bytes(token)]) {
    const bed = new IntrospectBed(says), exchange = bed.withToken(token), { reply } = await bed.send(exchange);
    const said = [
      exchange.reason,
      exchange.error,
      await readText(reply.body),
      ...reply.headers.flat(),
      JSON.stringify(bed.env.logged),
    ];
    for (const secret of [token, CLIENT_SECRET]) assert.ok(!said.join("\n").includes(secret));
  }
});

Deno.test("introspect() asks once for all that come with a token at the same time", async () => {
  const { promise, resolve } = Promise.withResolvers<object>(), bed = new IntrospectBed(() => promise);
  const statuses = ["a", "a", "b", "a"].map((token) => bed.status(token));
  await Promise.resolve();
  resolve(active);
  assert.deepEqual(await Promise.all(statuses), [200, 200, 200, 200]);
  assert.deepEqual(bed.asked.map((form) => form.get("token")), ["a", "b"]);
  // After a failure it asks again, and all that waited have failed together.
  let fail = true;
  const failing = new IntrospectBed(() => fail ? json({}, 503) : active);
  assert.deepEqual(await Promise.all([failing.status("a"), failing.status("a")]), [503, 503]);
  assert.equal(failing.asked.length, 1);
  fail = false;
  assert.equal(await failing.status("a"), 200);
});

Deno.test("introspect() believes an answer for its time, and never beyond exp", async () => {
  const cases: [options: object, exp: number | undefined, remembered: number][] = [
    [{}, undefined, 60],
    [{}, NOW + 3_600, 60],
    [{}, NOW + 7, 7],
    [{ cache: { ttl: "5m" } }, undefined, 300],
    [{ cache: { ttl: "5m" } }, NOW + 200, 200],
  ];
  for (const [options, exp, seconds] of cases) {
    const bed = new IntrospectBed(() => ({ ...active, exp }), options);
    assert.equal(await bed.status("t"), 200);
    bed.env.clock.advance(seconds * 1_000 - 1);
    assert.equal(await bed.status("t"), 200);
    assert.equal(bed.asked.length, 1, `${seconds}`);
    bed.env.clock.advance(1);
    await bed.status("t");
    assert.equal(bed.asked.length, 2, `${seconds}`);
  }
  const bed = new IntrospectBed(() => active, { cache: false });
  for (let i = 0; i < 3; i++) assert.equal(await bed.status("t"), 200);
  assert.equal(bed.asked.length, 3);
});

Deno.test("introspect() does not ask about a bad token again for a while, and remembers not too many", async () => {
  let isActive = false;
  const bed = new IntrospectBed(() => isActive ? active : { active: false }, { failures: false });
  assert.equal(await bed.status("t"), 401);
  isActive = true;
  bed.env.clock.advance(9_999);
  assert.equal(await bed.status("t"), 401);
  bed.env.clock.advance(1);
  assert.equal(await bed.status("t"), 200);
  assert.equal(bed.asked.length, 2);
  isActive = false;
  for (let i = 0; i < 2_000; i++) await bed.status(`made-up-${i}`);
  const asked = bed.asked.length;
  assert.equal(await bed.status("made-up-1999"), 401);
  assert.equal(bed.asked.length, asked);
  await bed.status("made-up-0");
  assert.equal(bed.asked.length, asked + 1);
  // Those that are good are remembered all the same.
  assert.equal(await bed.status("t"), 200);
  const forgetful = new IntrospectBed(() => ({ active: false }), { cache: { negative: "0s" } });
  for (let i = 0; i < 3; i++) await forgetful.status("t");
  assert.equal(forgetful.asked.length, 3);
});

Deno.test("introspect() asks no more for a client that has shown too many bad tokens", async () => {
  const bed = new IntrospectBed((token) => token.startsWith("good") ? active : { active: false }, {
    failures: { limit: 3, per: "30s" },
  });
  assert.equal(await bed.status("good"), 200);
  for (let i = 0; i < 3; i++) assert.equal(await bed.status(`bad${i}`), 401);
  const { status, reply } = await bed.send(bed.withToken("bad4"));
  assert.deepEqual([status, reply.headers.get("retry-after")], [429, "10"]);
  assert.equal(await bed.status("good2"), 429);
  assert.equal(await bed.status("good"), 200, "what is remembered costs nothing");
  assert.equal(bed.asked.length, 4);
  const other = bed.withToken("good3", { client: { ip: "192.0.2.9", peer: "192.0.2.9", trusted: false } });
  assert.equal((await bed.send(other)).status, 200);
  bed.env.clock.advance(10_000);
  assert.equal(await bed.status("good2"), 200);
  // An outage is nobody's failure.
  const away = new IntrospectBed(() => json({}, 500), { failures: { limit: 1, per: "1m" } });
  for (let i = 0; i < 5; i++) assert.equal(await away.status(`t${i}`), 503);
});

Deno.test("introspect() still asks about a token that was active, whatever its neighbours have shown", async () => {
  let isActive = true;
  const bed = new IntrospectBed((token) => token === "good" && isActive ? active : { active: false }, {
    failures: { limit: 3, per: "1h" },
  });
  assert.equal(await bed.status("good"), 200);
  bed.env.clock.advance(60_000);
  for (let i = 0; i < 3; i++) assert.equal(await bed.status(`bad${i}`), 401);
  assert.equal(await bed.status("bad3"), 429);
  assert.equal(await bed.status("good"), 200);
  assert.equal(bed.asked.length, 5);
  // Until it is active no longer: then it is one of the bad ones.
  isActive = false;
  bed.env.clock.advance(60_000);
  assert.equal(await bed.status("good"), 401);
  bed.env.clock.advance(10_000);
  assert.equal(await bed.status("good"), 429);
  assert.equal(bed.asked.length, 6);
});

Deno.test("introspect(): what it needs, gives, warns of and is called in routes", () => {
  const plan = (options: object) =>
    introspectDefinition.schema.parse(
      introspect({
        endpoint: "https://id.example/introspect?x=1",
        clientId: "gateway",
        clientSecret: secret.env("CLIENT_SECRET"),
        ...options,
      }).options,
    );
  const facts = introspectDefinition.facts!(plan({ endpoint: { upstream: "id", path: "/introspect" } }));
  assert.deepEqual(facts, { needs: ["upstream:id"], gives: ["identity", "consumer", "jwt:*"] });
  assert.equal(introspectDefinition.describe!(plan({})), "introspect at https://id.example/introspect");
  assert.equal(
    introspectDefinition.describe!(plan({ audience: ["a", "b"], keep: true })),
    "introspect at https://id.example/introspect for a or b, kept",
  );
  const warned = (options: object) => introspectDefinition.warnings!(plan(options)).map(({ at }) => at.join("."));
  assert.deepEqual(warned({}), []);
  assert.deepEqual(warned({ endpoint: "http://id.example/" }), ["endpoint"]);
  assert.deepEqual(warned({ endpoint: "http://127.0.0.1:81/" }), []);
  assert.deepEqual(warned({ in: ["header:authorization", "query:access_token"] }), ["in.1"]);
  const build = () => new IntrospectBed(() => active, { clientSecret: secret.env("MISSING") });
  assert.throws(build, /policy introspect: clientSecret cannot be had: MISSING is not set/);
});

Deno.test("introspect() asks as part of the trace of whoever came first with the token", async () => {
  const answer = Promise.withResolvers<object>(),
    bed = new IntrospectBed(() => answer.promise),
    tracing = new SeenTraces();
  const [first, second] = [bed.withToken("t"), bed.withToken("t")];
  first.trace = tracing.trace();
  second.trace = tracing.trace();
  const both = Promise.all([bed.send(first), bed.send(second)]);
  answer.resolve(active);
  assert.deepEqual((await both).map(({ status }) => status), [200, 200]);
  assert.deepEqual(bed.calls.map(({ trace }) => trace?.spanId), [first.trace.spanId]);
});
