import { strict as assert } from "node:assert";
import { foldChain } from "../../../src/compile/fold_chain.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import { cors, corsDefinition, type CorsOptions } from "../../../src/policies/guard/cors.ts";
import { type ExchangeOptions, makeExchange } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";
import { answering, described, failingEnv, guarding, handlerOf } from "./guard_bed.ts";

const APP = "https://app.example.com";

type Fields = readonly (readonly [string, string])[];

/** What a browser sends before a request that is not simple. */
function preflight(origin: string, method = "PUT", ...more: Fields): ExchangeOptions {
  return { method: "OPTIONS", headers: [["origin", origin], ["access-control-request-method", method], ...more] };
}

function simple(origin?: string): ExchangeOptions {
  return { headers: origin === undefined ? [] : [["origin", origin]] };
}

/** All fields of CORS and `Vary`, in the order of their names. */
function fieldsOf({ headers }: Reply): string[] {
  const flat = headers.flat(), found: string[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    if (flat[i] === "vary" || flat[i].startsWith("access-control-")) found.push(`${flat[i]}: ${flat[i + 1]}`);
  }
  return found.map((field) => field.replace(/^access-control-/, "")).sort();
}

const VARY = "vary: origin";
const PREFLIGHT_VARY = "vary: origin, access-control-request-method, access-control-request-headers";

Deno.test("cors() writes the fields of actual answers", async () => {
  const cases: [options: CorsOptions, origin: string | undefined, fields: string[]][] = [
    [{ origins: APP }, APP, [`allow-origin: ${APP}`, VARY]],
    [{ origins: APP }, undefined, [VARY]],
    [{ origins: APP }, "https://evil.example", [VARY]],
    [{ origins: APP }, "null", [VARY]],
    [{ origins: APP }, "", [VARY]],
    [{ origins: APP }, `${APP}, ${APP}`, [VARY]],
    [{ origins: ["https://a.example", APP], credentials: true, expose: ["X-Total", "etag"] }, APP, [
      "allow-credentials: true",
      `allow-origin: ${APP}`,
      "expose-headers: x-total, etag",
      VARY,
    ]],
    [{ origins: APP, maxAge: "1h", methods: ["PUT"], headers: ["x-a"], privateNetwork: true }, APP, [
      `allow-origin: ${APP}`,
      VARY,
    ]],
    [{ origins: "*" }, APP, ["allow-origin: *"]],
    [{ origins: "*", expose: "*" }, undefined, ["allow-origin: *", "expose-headers: *"]],
    [{ origins: ["*"] }, "null", ["allow-origin: *"]],
    [{ origins: [APP, "null"] }, "null", ["allow-origin: null", VARY]],
    [{ origins: /.*/ }, "null", [VARY]],
    [{ origins: (origin) => origin === APP }, APP, [`allow-origin: ${APP}`, VARY]],
    [{ origins: () => false }, APP, [VARY]],
  ];
  for (const [options, origin, fields] of cases) {
    const { reply } = await guarding(cors(options))(simple(origin));
    assert.deepEqual(fieldsOf(reply), fields, `${JSON.stringify(options)} ${origin}`);
  }
});

Deno.test("cors() answers preflights", async () => {
  const asked = ["access-control-request-headers", "authorization,x-a"] as const;
  const network = ["access-control-request-private-network", "true"] as const;
  const cases: [options: CorsOptions, request: ExchangeOptions, fields: string[]][] = [
    [{ origins: APP }, preflight(APP), ["allow-methods: PUT", `allow-origin: ${APP}`, PREFLIGHT_VARY]],
    [{ origins: APP }, preflight("https://evil.example", "PUT", asked), [PREFLIGHT_VARY]],
    [{ origins: APP }, preflight(APP, "PATCH", asked), [
      "allow-headers: authorization,x-a",
      "allow-methods: PATCH",
      `allow-origin: ${APP}`,
      PREFLIGHT_VARY,
    ]],
    [
      { origins: APP, credentials: true, methods: ["PUT", "DELETE"], headers: ["X-A", "x-b"], maxAge: "10.5m" },
      preflight(APP, "PATCH", asked),
      [
        "allow-credentials: true",
        "allow-headers: x-a, x-b",
        "allow-methods: PUT, DELETE",
        `allow-origin: ${APP}`,
        "max-age: 630",
        PREFLIGHT_VARY,
      ],
    ],
    [{ origins: "*", maxAge: "0s" }, preflight("null"), [
      "allow-methods: PUT",
      "allow-origin: *",
      "max-age: 0",
      PREFLIGHT_VARY,
    ]],
    [{ origins: APP, expose: ["x-a"] }, preflight(APP), [
      "allow-methods: PUT",
      `allow-origin: ${APP}`,
      PREFLIGHT_VARY,
    ]],
    [{ origins: APP, privateNetwork: true }, preflight(APP, "PUT", network), [
      "allow-methods: PUT",
      `allow-origin: ${APP}`,
      "allow-private-network: true",
      `${PREFLIGHT_VARY}, access-control-request-private-network`,
    ]],
    [{ origins: APP, privateNetwork: true }, preflight("https://evil.example", "PUT", network), [
      `${PREFLIGHT_VARY}, access-control-request-private-network`,
    ]],
    [{ origins: APP }, preflight(APP, "PUT", network), ["allow-methods: PUT", `allow-origin: ${APP}`, PREFLIGHT_VARY]],
    // What no browser sends is not given back.
    [{ origins: APP }, preflight(APP, "PUT,DELETE", ["access-control-request-headers", "a b"]), [
      `allow-origin: ${APP}`,
      PREFLIGHT_VARY,
    ]],
    [{ origins: APP }, preflight(APP, "", ["access-control-request-headers", ""]), [
      `allow-origin: ${APP}`,
      PREFLIGHT_VARY,
    ]],
  ];
  for (const [options, request, fields] of cases) {
    const { reply } = await guarding(cors(options), answering(204))(request);
    assert.equal(reply.status, 204);
    assert.deepEqual(fieldsOf(reply), fields, `${JSON.stringify(options)} ${JSON.stringify(request)}`);
  }
});

Deno.test("cors() tells the log, and nobody else, why a preflight has no answer", async () => {
  const ask = guarding(cors({ origins: APP }), answering(204));
  assert.equal((await ask(preflight("https://evil.example"))).exchange.reason, "cors does not allow the origin");
  for (const request of [preflight(APP), simple("https://evil.example"), simple()]) {
    assert.equal((await ask(request)).exchange.reason, "");
  }
});

Deno.test("cors() takes a plain OPTIONS for a request like any other", async () => {
  const { reply } = await guarding(cors({ origins: APP }))({ method: "OPTIONS", headers: [["origin", APP]] });
  assert.deepEqual(fieldsOf(reply), [`allow-origin: ${APP}`, VARY]);
});

Deno.test("cors() replaces what the upstream says of it, also for those who may not ask", async () => {
  const upstream = [
    ...["access-control-allow-origin", "*", "access-control-allow-credentials", "true"],
    ...["access-control-expose-headers", "x-secret", "access-control-allow-methods", "TRACE"],
    ...["access-control-allow-headers", "*", "access-control-max-age", "9", "access-control-allow-origin", "https://b"],
    ...["access-control-allow-private-network", "true"],
  ];
  const ask = guarding(cors({ origins: APP }), answering(200, ...upstream));
  assert.deepEqual(fieldsOf((await ask(simple(APP))).reply), [`allow-origin: ${APP}`, VARY]);
  for (const origin of ["https://evil.example", undefined]) {
    assert.deepEqual(fieldsOf((await ask(simple(origin))).reply), [VARY]);
  }
});

Deno.test("cors() merges its Vary into the upstream's", async () => {
  const cases: [upstream: string[], vary: string[]][] = [
    [["vary", "Accept-Encoding"], ["vary: Accept-Encoding, origin"]],
    [["vary", "Accept-Encoding", "vary", "cookie"], ["vary: Accept-Encoding, cookie, origin"]],
    [["vary", "Origin"], ["vary: Origin"]],
    [["vary", "accept , ORIGIN"], ["vary: accept , ORIGIN"]],
    [["vary", "*"], ["vary: *"]],
    [["vary", "accept, *"], ["vary: accept, *"]],
    [["vary", ""], [VARY]],
    [["vary", "x-origin"], ["vary: x-origin, origin"]],
  ];
  for (const [upstream, vary] of cases) {
    const { reply } = await guarding(cors({ origins: APP }), answering(200, ...upstream))(simple());
    assert.deepEqual(fieldsOf(reply), vary, upstream.join());
  }
  const { reply } = await guarding(cors({ origins: "*" }), answering(200, "vary", "accept"))(simple(APP));
  assert.deepEqual(fieldsOf(reply), ["allow-origin: *", "vary: accept"]);
});

Deno.test("cors() completes the answers to what fails further in", async () => {
  const broken = new Error("broken");
  const chains: [string, Handler][] = [
    ["throws", () => {
      throw broken;
    }],
    ["rejects", () => Promise.reject(broken)],
  ];
  for (const [name, next] of chains) {
    const causes: unknown[] = [], env = failingEnv();
    const noting = {
      ...env,
      failed: (...args: Parameters<typeof env.failed>) => (causes.push(args[1]), env.failed(...args)),
    };
    const { reply } = await guarding(cors({ origins: APP }), next, noting)(simple(APP));
    assert.deepEqual([reply.status, ...fieldsOf(reply)], [500, `allow-origin: ${APP}`, VARY], name);
    assert.deepEqual(causes, [broken], name);
  }
});

Deno.test("cors() of several in a chain: the innermost that the request has come to holds", async () => {
  const env = failingEnv(), other = "https://other.example";
  const build = (options: CorsOptions) => {
    const definition = definitionOf(cors(options))!;
    return definition.build(definition.schema.parse(options), env, "x");
  };
  const stopping = (next: Handler): Handler => (exchange) =>
    exchange.headers.has("x-stop") ? new Reply(401, HeaderList.of(), null) : next(exchange);
  const outer = build({ origins: APP, credentials: true, expose: ["x-outer"] }), inner = build({ origins: other });
  const chain = foldChain([outer, stopping, inner], (exchange) => {
    if (exchange.headers.has("x-throw")) throw new Error("broken");
    return new Reply(200, HeaderList.of(), null);
  });
  const ask = async (origin: string, ...more: Fields) => {
    const reply = await chain(makeExchange({ headers: [["origin", origin], ...more] }));
    return [reply.status, ...fieldsOf(reply)];
  };
  assert.deepEqual(await ask(other), [200, `allow-origin: ${other}`, VARY]);
  assert.deepEqual(await ask(APP), [200, VARY], "the outer one does not add to it");
  assert.deepEqual(await ask(other, ["x-throw", "1"]), [500, `allow-origin: ${other}`, VARY]);
  const outers = ["allow-credentials: true", `allow-origin: ${APP}`, "expose-headers: x-outer", VARY];
  assert.deepEqual(await ask(APP, ["x-stop", "1"]), [401, ...outers]);
});

Deno.test("cors() goes by the origin that came, also if a policy further in removes it", async () => {
  const { reply } = await guarding(cors({ origins: APP }), (exchange) => {
    exchange.headers.remove("origin");
    return new Reply(200, HeaderList.of(), null);
  })(simple(APP));
  assert.deepEqual(fieldsOf(reply), [`allow-origin: ${APP}`, VARY]);
});

Deno.test("cors() asks a function with the context, and takes nothing but true for a yes", async () => {
  const seen: unknown[] = [];
  const policy = cors({ origins: (origin, ctx) => (seen.push([origin, ctx.path]), true) });
  await guarding(policy)({ ...simple(APP), path: "/a" });
  assert.deepEqual(seen, [[APP, "/a"]]);
  for (const verdict of [1, "yes", {}, Promise.resolve(true), undefined]) {
    const { reply } = await guarding(cors({ origins: () => verdict as boolean }))(simple(APP));
    assert.deepEqual(fieldsOf(reply), [VARY], String(verdict));
  }
});

Deno.test("cors() lets nobody in whom a function fails to judge, and logs why", async () => {
  const env = failingEnv(),
    policy = cors({
      origins: () => {
        throw new Error("no directory");
      },
    });
  const { reply } = await guarding(policy, answering(), env)(simple(APP));
  assert.deepEqual([reply.status, ...fieldsOf(reply)], [200, VARY]);
  assert.deepEqual(env.logged.map(({ level }) => level), ["error"]);
  assert.match(String(env.logged[0].fields?.error), /no directory/);
});

Deno.test("cors() lets nobody in for a promise, whatever becomes of it, and says so in the log", async () => {
  const env = failingEnv(), origins = () => Promise.reject(new Error("no directory")) as unknown as boolean;
  const { reply } = await guarding(cors({ origins }), answering(), env)(simple(APP));
  // A rejection that nobody takes would end the process.
  await turn();
  assert.deepEqual([reply.status, ...fieldsOf(reply)], [200, VARY]);
  assert.deepEqual(env.logged.map(({ level, fields }) => [level, fields?.error]), [
    ["error", "it returned a promise: it has to answer at once, with true or false"],
  ]);
});

Deno.test("cors() refuses WebSocket handshakes of other origins, which browsers leave to the server", async () => {
  const own = "https://api.example.com",
    from = (origin?: string): ExchangeOptions => ({
      ...simple(origin),
      authority: "api.example.com",
    });
  const cases: [options: CorsOptions, origin: string | undefined, passes: boolean][] = [
    [{ origins: APP }, APP, true],
    [{ origins: APP }, own, true],
    [{ origins: APP }, undefined, true],
    [{ origins: APP }, "https://evil.example", false],
    [{ origins: APP }, "null", false],
    [{ origins: "*" }, "https://evil.example", true],
    [{ origins: APP, webSockets: "pass" }, "https://evil.example", true],
  ];
  for (const [options, origin, passes] of cases) {
    const handler = handlerOf(cors(options), () => new Reply(101, HeaderList.of(), null));
    const exchange = makeExchange(from(origin));
    exchange.upgrade = "websocket";
    const reply = await handler(exchange);
    assert.deepEqual([reply.status, exchange.error], passes ? [101, ""] : [403, "origin_not_allowed"], String(origin));
    if (passes) assert.deepEqual(fieldsOf(reply), [], "a handshake has no such fields");
  }
});

Deno.test("cors() adds no promise where nothing waits", () => {
  const reply = new Reply(200, HeaderList.of(), null), handler = handlerOf(cors({ origins: APP }), () => reply);
  assert.equal(handler(makeExchange(simple(APP))), reply);
});

Deno.test("cors() says in words what it does, and answers preflights outside of identity policies", () => {
  const cases: [CorsOptions, string][] = [
    [{ origins: "*" }, "cors: *"],
    [
      { origins: [APP, "https://*.b.example:8443", /c\d/i, { regex: "d" }], credentials: true, maxAge: "60s" },
      [
        "cors: https://app.example.com, https://*.b.example:8443, /c\\d/i, /d/u",
        "with credentials",
        "preflights for 1m",
      ].join(", "),
    ],
    [{ origins: () => true }, "cors: a function"],
  ];
  for (const [options, text] of cases) assert.equal(described(cors(options)), text);
  const traits = corsDefinition.traits!(corsDefinition.schema.parse({ origins: "*" }));
  assert.deepEqual(traits, { guard: false, preflight: "answers", outsideIdentity: true });
});
