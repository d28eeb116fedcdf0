import { strict as assert } from "node:assert";
import type { BuildEnv } from "../../../src/core/build_env.ts";
import { type Consumers, NO_CONSUMERS } from "../../../src/core/consumers.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import type { Policy } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import { allOf } from "../../../src/policies/auth/all_of.ts";
import { forwardAuth, forwardAuthDefinition } from "../../../src/policies/auth/forward_auth.ts";
import { makeEnv, makeExchange, readText, ScriptedBody } from "../../support/exchange.ts";
import { ForwardAuthBed, replyOf } from "./forward_auth_bed.ts";
import { build } from "./identity_bed.ts";

const ok = () => replyOf(200);

Deno.test("forwardAuth() sends what the service needs to decide, and no more", async () => {
  const bed = new ForwardAuthBed(ok), body = new ScriptedBody(["secret"], { length: 6 });
  const exchange = makeExchange({
    method: "DELETE",
    path: "/orders/7",
    query: "?a=1",
    body,
    headers: [
      ["authorization", "Bearer t"],
      ["cookie", "a=1"],
      ["cookie", "b=2"],
      ["content-length", "6"],
      ["content-type", "text/plain"],
      ["x-other", "1"],
    ],
  });
  assert.equal((await bed.send(exchange)).status, 200);
  const [call] = bed.calls;
  assert.deepEqual([call.method, call.path, call.query, call.body], ["GET", "/check", "?a=1", null]);
  assert.deepEqual(call.headers.flat(), [
    ...["x-forwarded-method", "DELETE", "x-forwarded-uri", "/orders/7?a=1"],
    ...["authorization", "Bearer t", "cookie", "a=1; b=2"],
  ]);
  // The client's address, host and scheme are told as to every upstream.
  assert.deepEqual([call.client, call.authority, call.scheme], [exchange.client, "gateway.test:8080", "http"]);
  assert.equal(body.reads, 0);
});

Deno.test("forwardAuth() sends the headers and the method that it is told to", async () => {
  const bed = new ForwardAuthBed(ok, { requestHeaders: ["X-Other", "x-missing"], method: "POST" });
  await bed.send(makeExchange({ headers: [["x-other", "1"], ["x-other", "2"], ["authorization", "Bearer t"]] }));
  const [call] = bed.calls;
  assert.equal(call.method, "POST");
  assert.deepEqual(call.headers.flat().slice(4), ["x-other", "1, 2"]);
});

Deno.test("forwardAuth() knows who is asking by the answer", async () => {
  const consumers: Consumers = {
    ...NO_CONSUMERS,
    named: (name) => name === "acme" ? { name, groups: ["partners"] } : undefined,
  };
  const identity = { subject: "X-User", user: "x-name", groups: "x-groups", consumer: "x-consumer" };
  const cases: [fields: Record<string, string>, identity: object][] = [
    [{}, { method: "forwardAuth" }],
    [{ "x-user": "7", "x-name": "ann" }, { method: "forwardAuth", subject: "7", user: "ann" }],
    [{ "x-groups": " a, b ,,c" }, { method: "forwardAuth", groups: ["a", "b", "c"] }],
    [{ "x-consumer": "acme" }, { method: "forwardAuth", consumer: "acme", groups: ["partners"] }],
    [{ "x-consumer": "other", "x-groups": "" }, { method: "forwardAuth", consumer: "other" }],
    [{ "x-consumer": "no name", "x-user": "" }, { method: "forwardAuth" }],
  ];
  for (const [fields, expected] of cases) {
    const bed = new ForwardAuthBed(() => replyOf(204, fields), { identity }, { consumers });
    // What a client says of itself is not looked at.
    const exchange = makeExchange({ headers: [["x-user", "admin"], ["x-consumer", "acme"]] });
    assert.equal((await bed.send(exchange)).status, 200);
    assert.deepEqual({ ...exchange.identity }, expected);
    assert.deepEqual([exchange.credentialed, exchange.auth], [true, "passed"]);
  }
});

Deno.test("forwardAuth() gives the upstream headers of the answer, and never a client's own", async () => {
  const options = { responseHeaders: ["X-User", "x-role", "authorization"] };
  const forged = () =>
    makeExchange({
      headers: [["x-user", "admin"], ["x-role", "admin"], ["x-other", "1"], ["authorization", "Bearer client"]],
    });
  const bed = new ForwardAuthBed(
    () => replyOf(200, { "x-user": "7", "authorization": "Bearer inner", "x-more": "1" }),
    options,
  );
  const exchange = forged();
  await bed.send(exchange);
  const told = ["x-user", "x-role", "x-other", "authorization", "x-more"].map((name) => exchange.headers.get(name));
  assert.deepEqual(told, ["7", null, "1", "Bearer inner", null]);
  // It was sent before it was removed.
  assert.equal(bed.calls[0].headers.get("authorization"), "Bearer client");
  for (const status of [401, 500]) {
    const refused = forged();
    await new ForwardAuthBed(() => replyOf(status, { "x-user": "7" }), options).send(refused);
    assert.equal(refused.headers.get("x-user"), null);
  }
  const several = new Reply(200, HeaderList.of("x-role", "a", "x-role", "b"), null), both = forged();
  await new ForwardAuthBed(() => several, options).send(both);
  assert.equal(both.headers.get("x-role"), "a, b");
});

/** What the client gets of a refusal. */
const REFUSALS: readonly [status: number, fields: Record<string, string>, auth: string, code: string][] = [
  [401, { "www-authenticate": 'Bearer realm="x"' }, "absent", "credential_missing"],
  [403, {}, "forbidden", "forbidden"],
  [429, { "retry-after": "7" }, "limited", "credential_attempts"],
  [302, { location: "https://id.example/login?rd=/a" }, "absent", "credential_missing"],
  [303, { location: "/login" }, "absent", "credential_missing"],
  [307, { location: "/login" }, "absent", "credential_missing"],
];

Deno.test("forwardAuth() passes a refusal on to the client as the service answers it", async () => {
  for (const [status, fields, auth, code] of REFUSALS) {
    const headers = ["x-internal", "1", "set-cookie", "a=1", "set-cookie", "b=2", "content-type", "text/html"];
    const bed = new ForwardAuthBed(() =>
      new Reply(
        status,
        HeaderList.of(...headers, ...Object.entries(fields).flat()),
        new TextEncoder().encode("<p>no</p>"),
      )
    );
    const exchange = makeExchange(), { status: got, reply, passed } = await bed.send(exchange);
    assert.deepEqual([got, passed], [status, false]);
    assert.equal(await readText(reply.body), "<p>no</p>");
    assert.deepEqual(reply.headers.getAll("set-cookie"), ["a=1", "b=2"]);
    assert.deepEqual([reply.headers.get("content-type"), reply.headers.get("cache-control")], [
      "text/html",
      "no-store",
    ]);
    for (const [name, value] of Object.entries(fields)) assert.equal(reply.headers.get(name), value);
    assert.equal(reply.headers.get("x-internal"), null);
    assert.deepEqual([exchange.auth, exchange.error, exchange.credentialed], [auth, code, false]);
    assert.equal(exchange.reason, `the service refused it with status ${status}`);
  }
});

Deno.test("forwardAuth() tells whether a credential was shown by Authorization alone", async () => {
  for (const status of [401, 302]) {
    const bed = new ForwardAuthBed(() => replyOf(status, { location: "/login" }));
    const shown = makeExchange({ headers: [["authorization", "Bearer t"]] }),
      cookie = makeExchange({ headers: [["cookie", "a=1"]] });
    await bed.send(shown);
    await bed.send(cookie);
    assert.deepEqual([shown.auth, cookie.auth], ["invalid", "absent"]);
  }
});

Deno.test("forwardAuth() passes those headers of a refusal on that it is told to, without a body none of a body", async () => {
  const fields = { "x-why": "1", location: "/login", "content-type": "text/html", "cache-control": "private" };
  const { reply } = await new ForwardAuthBed(() => replyOf(302, fields), { refusalHeaders: ["X-Why"] }).send(
    makeExchange(),
  );
  assert.deepEqual(reply.headers.flat(), ["cache-control", "private", "x-why", "1"]);
  assert.equal(reply.body, null);
});

/** Answers that decide nothing. */
const UNDECIDED: readonly [what: string, decides: () => Reply | Promise<Reply>, why: RegExp][] = [
  ["an error", () => replyOf(500), /status 500/],
  ["502", () => replyOf(502), /status 502/],
  ["a path that it does not know", () => replyOf(404), /status 404/],
  ["a method that it does not take", () => replyOf(405), /status 405/],
  ["400", () => replyOf(400), /status 400/],
  ["a redirect to nowhere", () => replyOf(302), /status 302/],
  ["not modified", () => replyOf(304, { location: "/" }), /status 304/],
  ["too much", () => replyOf(200, {}, "a".repeat(65_537)), /longer than 65536/],
  [
    "too much of a refusal",
    () => new Reply(403, HeaderList.of(), new ScriptedBody(["a".repeat(65_537)])),
    /longer than 65536/,
  ],
  ["a failure", () => Promise.reject(new Error("no route")), /no route/],
];

Deno.test("forwardAuth() lets nobody pass while the service decides nothing", async () => {
  for (const [what, decides, why] of UNDECIDED) {
    const exchange = makeExchange(), { status, passed, reply } = await new ForwardAuthBed(decides).send(exchange);
    assert.deepEqual([status, passed, exchange.auth], [503, false, "unavailable"], what);
    assert.match(exchange.reason, why, what);
    assert.ok(!(await readText(reply.body)).includes("auth.internal"));
  }
});

const withToken = (token: string, options: Partial<ConstructorParameters<typeof Exchange>[0]> = {}) =>
  makeExchange({ ...options as object, headers: [["authorization", token]] });

Deno.test("forwardAuth() remembers good answers for their time, by key and by what is asked for", async () => {
  const bed = new ForwardAuthBed((call) => replyOf(200, { "x-user": call.headers.get("authorization") ?? "" }), {
    responseHeaders: ["x-user"],
    identity: { subject: "x-user" },
    cache: { key: "header:authorization", ttl: "10s" },
  });
  const send = async (token: string, options = {}) => {
    const exchange = withToken(token, { startedAt: bed.env.clock.now(), ...options });
    const { status } = await bed.send(exchange);
    return [status, exchange.identity?.subject, exchange.headers.get("x-user"), bed.calls.length];
  };
  assert.deepEqual(await send("a"), [200, "a", "a", 1]);
  assert.deepEqual(await send("a"), [200, "a", "a", 1]);
  assert.deepEqual(await send("b"), [200, "b", "b", 2]);
  for (
    const [i, other] of [{ method: "POST" }, { path: "/admin" }, { query: "?b" }, { authority: "b" }, {
      scheme: "https",
    }].entries()
  ) {
    assert.deepEqual(await send("a", other), [200, "a", "a", 3 + i]);
    assert.deepEqual(await send("a", other), [200, "a", "a", 3 + i]);
  }
  const before = bed.calls.length;
  bed.env.clock.advance(9_999);
  assert.deepEqual(await send("a"), [200, "a", "a", before]);
  bed.env.clock.advance(1);
  assert.deepEqual(await send("a"), [200, "a", "a", before + 1]);
});

Deno.test("forwardAuth() remembers for every path only where it is told that the service does not look", async () => {
  const bed = new ForwardAuthBed(ok, {
    cache: { key: ["header:x-key", "header:authorization"], ttl: "10s", everywhere: true },
  });
  for (const path of ["/a", "/b"]) await bed.send(withToken("t", { path }));
  assert.equal(bed.calls.length, 1);
  // The same text under another key is somebody else's.
  await bed.send(makeExchange({ headers: [["x-key", "t"]] }));
  assert.equal(bed.calls.length, 2);
});

Deno.test("forwardAuth() asks each time for a request without the key, and after every answer but a good one", async () => {
  const cache = { key: "header:authorization", ttl: "10s" } as const;
  const bed = new ForwardAuthBed(ok, { cache });
  for (let i = 0; i < 3; i++) await bed.send(makeExchange());
  assert.equal(bed.calls.length, 3);
  for (const answers of [[401, 200], [403, 200], [302, 200], [500, 200]]) {
    const statuses = [...answers];
    const changing = new ForwardAuthBed(() => replyOf(statuses.shift()!, { location: "/" }), { cache });
    const got = [await changing.send(withToken("t")), await changing.send(withToken("t"))];
    assert.deepEqual(got.map(({ status }) => status), [answers[0] === 500 ? 503 : answers[0], 200]);
  }
});

Deno.test("forwardAuth() asks once for all that come with a key at the same time", async () => {
  for (const [answer, status] of [[200, 200], [500, 503]]) {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const bed = new ForwardAuthBed(() => promise, { cache: { key: "header:authorization", ttl: "10s" } });
    const first = withToken("t"), sent = [first, withToken("t"), withToken("t")].map((exchange) => bed.send(exchange));
    await Promise.resolve();
    // Others wait for it too: it does not end with the one that was first.
    first.abort();
    resolve(replyOf(answer));
    const replies = await Promise.all(sent);
    assert.equal(bed.calls.length, 1);
    assert.deepEqual(replies.map(({ status }) => status), [status, status, status]);
  }
});

Deno.test("forwardAuth() gives a refusal to the one that was asked for, and to no other of its key", async () => {
  const login = (call: Exchange) => {
    const uri = call.headers.get("x-forwarded-uri");
    return replyOf(302, { location: `/login?rd=${uri}`, "set-cookie": `state=${uri}` });
  };
  const bed = new ForwardAuthBed(async (call) => (await Promise.resolve(), login(call)), {
    cache: { key: "header:authorization", ttl: "10s", everywhere: true },
  });
  const replies = await Promise.all(["/a", "/b", "/c"].map((path) => bed.send(withToken("t", { path }))));
  assert.deepEqual(replies.map(({ reply }) => reply.headers.get("location")), [
    ...["/login?rd=/a", "/login?rd=/b", "/login?rd=/c"],
  ]);
  assert.deepEqual(replies.map(({ reply }) => reply.headers.getAll("set-cookie")), [["state=/a"], ["state=/b"], [
    "state=/c",
  ]]);
});

Deno.test("forwardAuth() gives the client what it is to have of a good answer, and an answer with a cookie is kept by no cache", async () => {
  const renewed = () =>
    new Reply(200, HeaderList.of("set-cookie", "s=1", "set-cookie", "t=2", "x-own", "2", "x-more", "3"), null);
  const bed = new ForwardAuthBed(renewed, { clientHeaders: ["Set-Cookie", "x-own", "x-missing"] });
  const { reply } = await bed.send(makeExchange());
  assert.deepEqual(reply.headers.getAll("set-cookie"), ["own=1", "s=1", "t=2"]);
  assert.deepEqual(["x-own", "x-more", "x-missing"].map((name) => reply.headers.get(name)), ["2", null, null]);
  assert.equal(reply.headers.get("cache-control"), "no-store");
  const without = await new ForwardAuthBed(renewed).send(makeExchange());
  assert.deepEqual(without.reply.headers.flat(), ["x-own", "1", "set-cookie", "own=1", "cache-control", "public"]);
  const plain = new ForwardAuthBed(() => replyOf(200, { "x-more": "3" }), { clientHeaders: ["set-cookie", "x-more"] });
  assert.equal((await plain.send(makeExchange())).reply.headers.get("cache-control"), "public");
});

Deno.test("forwardAuth() gives nobody the cookie of another, whoever waits for the same answer or finds it remembered", async () => {
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const bed = new ForwardAuthBed(() => promise, {
    clientHeaders: ["set-cookie"],
    cache: { key: "header:authorization", ttl: "10s" },
  });
  const sent = [withToken("t"), withToken("t")].map((exchange) => bed.send(exchange));
  await Promise.resolve();
  resolve(replyOf(200, { "set-cookie": "s=1" }));
  const replies = [...await Promise.all(sent), await bed.send(withToken("t"))];
  assert.deepEqual(replies.map(({ reply }) => reply.headers.getAll("set-cookie")), [["own=1", "s=1"], ["own=1"], [
    "own=1",
  ]]);
  assert.equal(bed.calls.length, 1);
});

Deno.test("forwardAuth() in allOf() gives the client what each service says, once", async () => {
  const member = (name: string): Policy<"forwardAuth", never, "identity" | "consumer"> =>
    forwardAuth({ to: `http://${name}.internal/`, clientHeaders: ["set-cookie"] });
  const env: BuildEnv = {
    ...makeEnv(),
    dispatch: (to) => () => replyOf(200, { "set-cookie": `${new URL(to).hostname[0]}=1` }),
  };
  const both = build(allOf([member("a"), member("b")]), env), alone = build(member("c"), env);
  // And one behind another.
  const handler = alone(both(() => new Reply(200, HeaderList.of(), null)));
  assert.deepEqual((await handler(makeExchange())).headers.getAll("set-cookie").toSorted(), ["a=1", "b=1", "c=1"]);
});

Deno.test("forwardAuth() lets nothing of a client through that would say who it is", async () => {
  const bed = new ForwardAuthBed(() => replyOf(200, { "x-user": "7" }), {
    identity: { subject: "X-User", groups: "x-groups" },
    responseHeaders: ["x-role"],
  });
  const exchange = makeExchange({ headers: [["x-user", "admin"], ["x-groups", "staff"], ["x-other", "1"]] });
  await bed.send(exchange);
  assert.deepEqual(exchange.headers.flat(), ["x-other", "1"]);
  assert.equal(exchange.identity?.subject, "7");
});

Deno.test("forwardAuth() remembers by the host that a trusted proxy was asked for, and not by what others say", async () => {
  const client = (trusted: boolean) => ({ ip: "192.0.2.7", peer: "192.0.2.7", trusted });
  for (
    const [name, values] of [
      ["x-forwarded-host", ["a.example", "b.example"]],
      ["x-forwarded-proto", ["http", "https"]],
      ["forwarded", ["for=_x;host=a.example", "for=_x;host=b.example"]],
    ] as const
  ) {
    for (const trusted of [true, false]) {
      const bed = new ForwardAuthBed(ok, { cache: { key: "header:authorization", ttl: "10s" } });
      for (const value of values) {
        const headers = [["authorization", "t"], [name, value]] as const;
        await bed.send(makeExchange({ client: client(trusted), headers }));
      }
      assert.equal(bed.calls.length, trusted ? 2 : 1, name);
    }
  }
});

Deno.test("forwardAuth() says who may keep a refusal, and by what it varies, as the service does", async () => {
  const fields = { "cache-control": "max-age=60", vary: "cookie", location: "/login" };
  const { reply } = await new ForwardAuthBed(() => replyOf(302, fields), {
    refusalHeaders: ["location", "cache-control"],
  }).send(makeExchange());
  assert.deepEqual(reply.headers.flat(), ["cache-control", "max-age=60", "vary", "cookie", "location", "/login"]);
});

Deno.test("forwardAuth(): what it needs, gives, warns of and is called in routes", () => {
  const plan = (options: object) =>
    forwardAuthDefinition.schema.parse(forwardAuth({ to: "https://auth.example/check", ...options } as never).options);
  const facts = (options: object) => forwardAuthDefinition.facts!(plan(options));
  assert.deepEqual(facts({}), { needs: [], gives: ["identity", "consumer"] });
  const keyed = { to: { upstream: "auth", path: "/check" }, cache: { key: ["jwt:sub", "ip"], ttl: "1s" } };
  assert.deepEqual(facts(keyed).needs, ["upstream:auth", "jwt:sub"]);
  assert.equal(forwardAuthDefinition.describe!(plan({})), "forwardAuth at https://auth.example/check");
  assert.equal(
    forwardAuthDefinition.describe!(plan(keyed)),
    "forwardAuth at auth/check, remembered per jwt:sub or ip for 1s",
  );
  const warned = (options: object) =>
    forwardAuthDefinition.warnings!(plan(options)).map(({ at, seen }) => `${at.join(".")} ${seen}`);
  assert.deepEqual(warned({}), []);
  assert.deepEqual(warned(keyed), ["cache.key ip"]);
  for (const key of ["global", "route", "ip/24/64", "param:id"]) {
    assert.deepEqual(warned({ cache: { key, ttl: "1s" } }), [`cache.key ${key}`]);
  }
  assert.deepEqual(warned({ cache: { key: () => "a", ttl: "1s" } }), []);
  // What the service is not told of, it does not judge by.
  const key = ["header:X-Api-Key", "cookie:session"] as const;
  assert.deepEqual(warned({ cache: { key, ttl: "1s" } }), []);
  assert.deepEqual(warned({ cache: { key, ttl: "1s" }, requestHeaders: ["cookie"] }), ["cache.key header:X-Api-Key"]);
  assert.deepEqual(warned({ cache: { key, ttl: "1s" }, requestHeaders: ["x-api-key"] }), ["cache.key cookie:session"]);
  assert.deepEqual(warned({ to: "http://auth.example/check" }), ["to http://auth.example/check"]);
  for (
    const to of [
      "http://localhost/",
      "http://auth:8080/",
      "http://10.1.2.3/",
      "http://auth.ns.svc/",
      "http://a.internal/",
    ]
  ) {
    assert.deepEqual(warned({ to }), [], to);
  }
});

/** The option, and what is wrong with it. */
const REFUSED: readonly (readonly [at: string, options: object, message: RegExp])[] = [
  ["to", { to: undefined }, /a URL such as/],
  ["method", { method: "PUT" }, /expected "GET", "HEAD" or "POST"/],
  ["requestHeaders.0", { requestHeaders: ["x-forwarded-for"] }, /says itself where a request comes from/],
  ["requestHeaders.0", { requestHeaders: ["X-Forwarded-Uri"] }, /says itself where a request comes from/],
  ["requestHeaders.0", { requestHeaders: ["x_user"] }, /says itself where a request comes from/],
  ["requestHeaders.0", { requestHeaders: ["content-length"] }, /frames the message/],
  ["requestHeaders.0", { requestHeaders: ["host"] }, /upstream/],
  ["requestHeaders.0", { requestHeaders: ["connection"] }, /ends at this hop/],
  ["requestHeaders.0", { requestHeaders: ["a b"] }, /no name of a header/],
  ["requestHeaders", { requestHeaders: "cookie" }, /a list of headers/],
  ["responseHeaders.0", { responseHeaders: ["set-cookie"] }, /for clients/],
  ["responseHeaders.0", { responseHeaders: ["x-forwarded-for"] }, /cannot be one of these/],
  ["clientHeaders.0", { clientHeaders: ["Content-Type"] }, /the answer to the request, which is another one/],
  ["clientHeaders.0", { clientHeaders: ["transfer-encoding"] }, /ends at this hop|frames/],
  ["refusalHeaders.0", { refusalHeaders: ["transfer-encoding"] }, /ends at this hop|frames/],
  ["identity.subject", { identity: { subject: "" } }, /this is empty/],
  ["identity", { identity: { claims: "x" } }, /claims/],
  ["cache.key", { cache: { key: "request:id", ttl: "1s" } }, /an id of its own/],
  ["cache.key", { cache: { key: "form:user", ttl: "1s" } }, /in the request's body/],
  ["cache.ttl", { cache: { key: "ip" } }, /this is missing/],
  ["cache.ttl", { cache: { key: "ip", ttl: "2h" } }, /at most 1h/],
  ["cache", { cache: false }, /expected settings/],
  ["timeout", { timeout: "2m" }, /at most 1m/],
  ["maxAnswer", { maxAnswer: "1GiB" }, /16MiB/],
  ["", { from: 1 }, /from/],
];

Deno.test("forwardAuth() options: what check refuses, and where", () => {
  for (const [at, options, message] of REFUSED) {
    const { error } = forwardAuthDefinition.schema.safeParse({ to: "https://a.example", ...options });
    const what = JSON.stringify(options);
    assert.ok(error, what);
    assert.ok(
      leaves(error).some((one) => one.at === at && message.test(one.message)),
      `${what}: ${JSON.stringify(leaves(error))}`,
    );
  }
});

/** Every issue, and those of shapes that were tried, with its place. */
function leaves(error: unknown, under: readonly PropertyKey[] = []): { at: string; message: string }[] {
  const { issues = [], errors = [], path = [], message = "" } = error as {
    readonly issues?: readonly unknown[];
    readonly errors?: readonly (readonly unknown[])[];
    readonly path?: readonly PropertyKey[];
    readonly message?: string;
  };
  const at = [...under, ...path];
  return [{ at: at.join("."), message }, ...[...issues, ...errors.flat()].flatMap((one) => leaves(one, at))];
}
