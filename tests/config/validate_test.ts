import { strict as assert } from "node:assert";
import fc from "fast-check";
import { z } from "zod";
import { UNREADABLE } from "../../src/config/unreadable.ts";
import { validateConfig, type ValidateContext } from "../../src/config/validate.ts";
import { formatIssue } from "../../src/core/issue.ts";
import { type PolicyDefinition, type PolicyFacts, recordPolicy } from "../../src/core/policy.ts";
import { secret } from "../../src/core/secret.ts";
import { headers } from "../../src/policies/shape/headers.ts";

/** A policy of this test's own, with a schema and facts. */
const policy = (facts: PolicyFacts, schema: z.ZodType = z.unknown(), options: unknown = undefined, kind = "custom") =>
  recordPolicy(
    { kind, schema, facts: () => facts, build: () => (next) => next } as PolicyDefinition as PolicyDefinition<never>,
    options,
  );

/** A route with these policies. */
const withPolicies = (policies: unknown, path = "/a/:id", more = {}) => ({
  routes: [{ path, respond: { body: "a" }, policies, ...more }],
});
const printed = (config: unknown, context?: ValidateContext) => validateConfig(config, context).issues.map(formatIssue);
const messages = (config: unknown, context?: ValidateContext) =>
  validateConfig(config, context).issues.map(({ path, message }) => `${path}: ${message}`);

Deno.test("validateConfig() takes the smallest config", () => {
  const { config, issues } = validateConfig({ routes: [{ path: "/*", upstream: "http://localhost:3000" }] });
  assert.deepEqual(issues, []);
  assert.deepEqual(config?.listen.map(({ address }) => address), [{ kind: "tcp", hostname: "0.0.0.0", port: 8080 }]);
  assert.deepEqual(config?.upstreams.map(({ name }) => name), ["http://localhost:3000"]);
});

Deno.test("validateConfig() never throws, and never takes what is no config", () => {
  const keys = fc.constantFrom(
    "routes",
    "upstreams",
    "listen",
    "admin",
    "path",
    "upstream",
    "policies",
    "endpoints",
    "include",
    "a",
  );
  const junk = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.anything(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keys, tie("value")),
    ),
  })).value;
  fc.assert(fc.property(junk, (value) => {
    const { config, issues } = validateConfig(value, { secrets: () => ({ error: "none" }) });
    assert.equal(config === null, issues.some(({ severity }) => severity === "error"));
  }));
});

/** Parts of one config, each right and wrong, with where the wrong one must be reported. */
const PARTS: Readonly<Record<string, { right: object; wrong: object; at: string }>> = {
  listen: { right: { port: 1 }, wrong: { port: "1" }, at: "listen.port" },
  shutdown: { right: {}, wrong: { grace: 5 }, at: "shutdown.grace" },
  trustedProxies: { right: [], wrong: ["x"], at: "trustedProxies[0]" },
  upstreams: {
    right: { a: "http://a", b: "http://b" },
    wrong: { a: "http://a", b: ["http://b", "b"] },
    at: "upstreams.b[1]",
  },
  policies: { right: [], wrong: [{}], at: "policies[0]" },
  routes: {
    right: [{ path: "/a", upstream: "a" }, { path: "/b", upstream: "b" }],
    wrong: [{ path: "/a", upstream: "a" }, { path: "/b", upstream: "c" }],
    at: "routes[1].upstream",
  },
  include: { right: [], wrong: [{ routes: [{ path: "/i" }] }], at: "include[0].routes[0]" },
};

Deno.test("validateConfig() reports each wrong part, whatever else is wrong, in the order of the config", () => {
  const names = Object.keys(PARTS);
  fc.assert(fc.property(fc.shuffledSubarray(names, { minLength: names.length }), fc.subarray(names), (order, wrong) => {
    const config = Object.fromEntries(
      order.map((name) => [name, PARTS[name][wrong.includes(name) ? "wrong" : "right"]]),
    );
    const places = validateConfig(config).issues.filter(({ severity }) => severity === "error").map(({ path }) => path);
    assert.deepEqual(places, order.filter((name) => wrong.includes(name)).map((name) => PARTS[name].at));
  }));
});

const FACTS: readonly (readonly [what: string, config: object, issues: readonly string[]])[] = [
  ["what a policy before provides", withPolicies([policy({ gives: ["jwt:sub"] }), policy({ needs: ["jwt:sub"] })]), []],
  [
    "what the same policy provides only to those behind it",
    withPolicies([policy({ needs: ["consumer"], gives: ["consumer"] })]),
    [
      "routes[0].policies[0]: custom reads consumer, but no policy before it provides that",
    ],
  ],
  ["order", withPolicies([policy({ needs: ["jwt:sub"] }), policy({ gives: ["jwt:sub"] })]), [
    "routes[0].policies[0]: custom reads jwt:sub, but no jwt() that provides it comes before",
  ]],
  ["jwt:* as every claim", withPolicies([policy({ gives: ["jwt:*"] }), policy({ needs: ["jwt:a", "jwt:b"] })]), []],
  ["jwt:* as no consumer", withPolicies([policy({ gives: ["jwt:*"] }), policy({ needs: ["consumer"] })]), [
    "routes[0].policies[1]: custom reads consumer, but no policy before it provides that",
  ]],
  ["what a global policy provides", {
    ...withPolicies([policy({ needs: ["consumer"] })]),
    policies: [policy({ gives: ["consumer"] })],
  }, []],
  ["one route's facts as that route's own", {
    routes: [
      { path: "/a", respond: {}, policies: [policy({ gives: ["consumer"] })] },
      { path: "/b", respond: {}, policies: [policy({ needs: ["consumer"] })] },
    ],
  }, ["routes[1].policies[0]: custom reads consumer, but no policy before it provides that"]],
  ["the path's parameters", withPolicies([policy({ needs: ["param:id", "param:rest"] })], "/:id/*rest"), []],
  ["the unnamed wildcard", withPolicies([policy({ needs: ["param:*"] })], "/a/*"), []],
  ["a wildcard before the end as no parameter", withPolicies([policy({ needs: ["param:*"] })], "/*/a"), [
    "routes[0].policies[0]: custom reads param:*, but the path does not end in *",
  ]],
  ["a redirect behind the chain", {
    routes: [{ path: "/a", redirect: "/{jwt:sub}", policies: [policy({ gives: ["jwt:sub"] })] }],
  }, []],
  ["nothing where the path is wrong: it says so itself", withPolicies([policy({ needs: ["param:id"] })], "a/:id"), [
    'routes[0].path: the path does not begin with "/"',
  ]],
  [
    "nothing behind a policy that could not be read",
    withPolicies([UNREADABLE, policy({ needs: ["consumer"] })]),
    [],
  ],
];
for (const [what, config, issues] of FACTS) {
  Deno.test(`validateConfig() knows ${what}`, () => assert.deepEqual(messages(config), issues));
}

Deno.test("validateConfig() has no config where the loader could not make a part of it, whether or not it said so", () => {
  const found = [{ at: ["routes", 0, "policies", 0], message: "there is no policy" }];
  const { config, issues } = validateConfig(withPolicies([UNREADABLE]), { found });
  assert.equal(config, null);
  assert.deepEqual(issues.map(({ path, message }) => [path, message]), [[
    "routes[0].policies[0]",
    "there is no policy",
  ]]);
  assert.equal(validateConfig(withPolicies([UNREADABLE])).config, null);
  assert.equal(validateConfig({ ...withPolicies([]), policies: [UNREADABLE] }).config, null);
  assert.equal(validateConfig({ ...withPolicies([]), include: [UNREADABLE] }).config, null);
  assert.equal(validateConfig({ ...withPolicies([]), stores: { a: UNREADABLE } }).config, null);
});

Deno.test("validateConfig() gives policies the options that their schema made, and keeps their kind", () => {
  const schema = z.strictObject({ limit: z.number().default(5) });
  const { config } = validateConfig(withPolicies([policy({}, schema, {}, "limit")]));
  assert.deepEqual(config?.routes[0].policies.map(({ kind, options }) => ({ kind, options })), [{
    kind: "limit",
    options: { limit: 5 },
  }]);
});

Deno.test("validateConfig() reports a policy that stands on many routes once, where it stands first", () => {
  const shared = policy({}, z.strictObject({ limit: z.number() }), { limt: 5 });
  const routes = [1, 2, 3].map((n) => ({ path: `/${n}`, respond: {}, policies: [shared] }));
  assert.deepEqual(printed({ routes }), [
    `error: routes[0].policies[0].limt: unknown key, did you mean "limit"?\n  write: limit`,
  ]);
});

const SCHEMAS: readonly (readonly [what: string, schema: z.ZodType, message: string])[] = [
  [
    "throws",
    z.unknown().transform(() => {
      throw new Error("boom");
    }),
    "the options of custom could not be checked: boom",
  ],
  [
    "waits",
    z.unknown().refine(() => Promise.resolve(true)),
    "the options of custom could not be checked: Encountered Promise during synchronous parse. Use .parseAsync() instead.",
  ],
];
for (const [what, schema, message] of SCHEMAS) {
  Deno.test(`validateConfig() says so when a policy's schema ${what}`, () =>
    assert.deepEqual(messages(withPolicies([policy({}, schema)])), [`routes[0].policies[0]: ${message}`]));
}

Deno.test("validateConfig() reads each secret once, and never prints a value", () => {
  const key = secret.env("KEY"), other = secret.file("other.pem"), read: unknown[] = [];
  const config = {
    admin: { hostname: "0.0.0.0", token: secret.env("TOKEN") },
    routes: [{
      path: "/a",
      respond: {},
      policies: [
        headers({ request: { set: { a: key, b: secret.env("KEY") } } }),
        headers({ request: { set: { c: other } } }),
      ],
    }],
  };
  const secrets = (one: { env?: string; file?: string }) => {
    read.push(one.env ?? one.file);
    return one.env === "TOKEN" ? { value: "the-value" } : { error: "it is not there" };
  };
  const strict = validateConfig(config, { secrets });
  assert.deepEqual(read, ["TOKEN", "KEY", "other.pem"]);
  assert.equal(strict.config, null);
  assert.deepEqual(strict.issues.map(({ severity, path }) => [severity, path]), [
    ["error", "routes[0].policies[0].request.set.a"],
    ["error", "routes[0].policies[1].request.set.c"],
  ]);
  const lenient = validateConfig(config, { secrets, withoutSecrets: true });
  assert.notEqual(lenient.config, null);
  assert.deepEqual(lenient.issues.map(({ severity }) => severity), ["warning", "warning"]);
  assert.equal(validateConfig(config).issues.length, 0, "without a reader nothing is read");
  assert.ok(!JSON.stringify([strict, lenient]).includes("the-value"));
});

Deno.test("validateConfig() asks for places, of keys and of values", () => {
  const asked: unknown[] = [];
  const locate = (at: readonly unknown[], on: string) => {
    asked.push([on, ...at]);
    return { file: "a.yaml", line: 1, column: 2 };
  };
  const { issues } = validateConfig({ routes: [{ path: 5, upstrm: "a" }] }, { locate });
  assert.deepEqual(asked, [["value", "routes", 0, "path"], ["key", "routes", 0, "upstrm"]]);
  assert.deepEqual(issues.map(({ file, line, column }) => [file, line, column]), [["a.yaml", 1, 2], ["a.yaml", 1, 2]]);
});

const ADDRESSES: readonly (readonly [what: string, config: object, issues: readonly string[]])[] = [
  ["two listeners on any free port", { listen: [{ port: 0 }, { port: 0 }] }, []],
  [
    "one port on two addresses",
    { listen: [{ port: 80, hostname: "10.0.0.1" }, { port: 80, hostname: "10.0.0.2" }] },
    [],
  ],
  ["one port everywhere and on one address", {
    listen: [{ port: 80, hostname: "10.0.0.1" }, { port: 80, hostname: "::" }],
  }, [
    "listen[1].port: the listener on 10.0.0.1:80 has this port already",
  ]],
  ["localhost as loopback", { admin: { port: 80 }, listen: { port: 80, hostname: "LOCALHOST" } }, [
    "admin.port: the listener on LOCALHOST:80 has this port already",
  ]],
  ["the admin interface's default port", { listen: { port: 9901 } }, [
    "listen.port: the admin interface on 127.0.0.1:9901 has this port already",
  ]],
  ["no admin interface", { listen: { port: 9901 }, admin: false }, []],
  ["an open admin interface with a token", { admin: { hostname: "0.0.0.0", token: secret.env("A") } }, []],
  ["every loopback address", { admin: { hostname: "127.8.8.8" } }, []],
  [
    "the same demo endpoint in two upstreams",
    demos({ demo: "slow", port: 9 }, { demo: "slow", port: 9, delay: "800ms" }),
    [],
  ],
  ["two demo endpoints on one port", demos({ demo: "slow", port: 9 }, { demo: "fast", port: 9 }), [
    'upstreams.b[0].port: the demo endpoint "slow" on 127.0.0.1:9 has this port already',
  ]],
  ["a demo endpoint on the listener's port", { ...demos({ demo: "fast", port: 8080 }, { demo: "echo", port: 9 }) }, [
    "upstreams.a[0].port: the listener on 0.0.0.0:8080 has this port already",
  ]],
];
for (const [what, config, issues] of ADDRESSES) {
  Deno.test(`validateConfig() judges ${what}`, () =>
    assert.deepEqual(messages({ routes: [{ path: "/", respond: {} }], ...config }), issues));
}

function demos(a: object, b: object) {
  return { upstreams: { a: [a], b: [b] }, routes: [{ path: "/a", upstream: "a" }, { path: "/b", upstream: "b" }] };
}

const TLS = { cert: "a.pem", key: "a.key" };
const CERTIFICATE = { cert: "b.pem", key: "b.key" };
const LISTENERS: readonly (readonly [what: string, listen: unknown, issues: readonly string[]])[] = [
  ["a listener that is empty", {}, ["listen: this listener has no port"]],
  ["what is no listener, once", 5.5, ["listen: expected a listener such as { port: 8080 }, or a list of them"]],
  ["a port beside a path whose engine is wrong", { port: 1, path: "/a", engine: "x" }, [
    "listen.port: a listener has a port or a path, not both",
    'listen.engine: expected "h1" or "serve"',
  ]],
  ["a port of one listener and a path of another", [{ port: 1 }, { path: "/a" }, { path: "/b" }], []],
  ["one path twice", [{ path: "/a" }, { port: 1 }, { path: "/a" }], [
    "listen[2].path: listen[0] has this path already",
  ]],
  ["a redirect to a port that is named", { port: 80, redirect: { port: 443 } }, []],
  ["a redirect to its own port", { port: 80, redirect: { port: 80 } }, [
    "listen.redirect.port: the redirect leads to this listener itself",
  ]],
  ["a redirect to its own port beside a listener with TLS", [
    { port: 443, tls: TLS },
    { port: 80, hostname: "127.0.0.1", redirect: { port: 80 } },
  ], ["listen[1].redirect.port: the redirect leads to this listener itself"]],
  ["a redirect to the same port on another address", [
    { port: 80, hostname: "10.0.0.1", redirect: { port: 80 } },
    { port: 80, hostname: "10.0.0.2", tls: TLS },
  ], []],
  ["a redirect of a Unix socket", { path: "/a", redirect: { port: 80 } }, []],
  ["a limit per client on a Unix socket", { path: "/a", limits: { perClient: 5 } }, [
    "listen.limits.perClient: all clients of a Unix socket are one peer",
  ]],
  ["a limit per client on a Unix socket whose clients are named", {
    path: "/a",
    proxyProtocol: true,
    limits: { perClient: 5 },
  }, []],
  ["a limit per client on a Unix socket, with a wrong flag", {
    path: "/a",
    proxyProtocol: "yes",
    limits: { perClient: 5 },
  }, ["listen.proxyProtocol: expected true or false"]],
  ["a limit per client on a Unix socket of Deno.serve", { path: "/a", engine: "serve", limits: { perClient: 5 } }, [
    'listen.limits.perClient: the engine "serve" has no limits.perClient',
  ]],
  ["a redirect to the one listener with TLS", [{ port: 80, redirect: true }, { port: 443, tls: TLS }], []],
  ["a redirect to a free port", [{ port: 0, redirect: true }, { port: 0, tls: TLS }], []],
  ["a redirect to one of two", [{ port: 80, redirect: true }, { port: 443, tls: TLS }, { port: 444, tls: TLS }], [
    "listen[0].redirect: 2 listeners have tls, so the port is not known",
  ]],
  ["a redirect where the TLS of the other is wrong itself", [{ port: 80, redirect: true }, { port: 443, tls: {} }], [
    "listen[1].tls.cert: this is missing: expected the path of a file, or a secret",
    "listen[1].tls.key: this is missing: expected the path of a file, or a secret",
  ]],
  ["a redirect on the listener that has the only TLS", { port: 80, tls: TLS, redirect: true }, [
    "listen.redirect: a listener with tls is what a redirect leads to",
  ]],
  ["one host of two certificates, in another case", {
    port: 1,
    tls: { ...TLS, certificates: [{ hosts: ["A"], ...CERTIFICATE }, { hosts: ["b", "a"], ...CERTIFICATE }] },
  }, ["listen.tls.certificates[1].hosts[1]: certificates[0] has this host already"]],
  ["a wildcard beside one of its hosts", {
    port: 1,
    tls: { ...TLS, certificates: [{ hosts: ["*.a.example", "b.a.example"], ...CERTIFICATE }] },
  }, []],
  ["one host of the certificates of two listeners", [
    { port: 1, tls: { ...TLS, certificates: [{ hosts: ["a"], ...CERTIFICATE }] } },
    { port: 2, tls: { ...TLS, certificates: [{ hosts: ["a"], ...CERTIFICATE }] } },
  ], []],
  ["a target that is longer than the whole head", { port: 1, limits: { target: "40KiB" } }, [
    "listen.limits.target: the target is part of the head, and headerBytes is 32KiB",
  ]],
  ["a target as long as the head", { port: 1, limits: { target: "4KiB", headerBytes: 4096 } }, []],
  ["a target that is longer, beside a limit that is wrong", { port: 1, limits: { target: "2KiB", headerBytes: 1 } }, [
    "listen.limits.headerBytes: expected a size from 1KiB to 1MiB",
  ]],
  ["whatever Deno.serve can keep to", {
    port: 1,
    engine: "serve",
    tls: { ...TLS, http2: true },
    limits: { target: "64KiB", body: 5, inFlight: 1 },
    timeouts: {},
    proxyProtocol: false,
  }, []],
  ["a Unix socket on Deno.serve", { path: "/a", engine: "serve" }, []],
  ["what Deno.serve cannot honour, the same as the default", {
    port: 1,
    engine: "serve",
    timeouts: { header: "10s" },
    limits: { minRate: "240B" },
  }, [
    'listen.timeouts.header: the engine "serve" has no timeouts.header',
    'listen.limits.minRate: the engine "serve" has no limits.minRate',
  ]],
  ["what is wrong for both reasons", { port: 1, engine: "serve", timeouts: { header: 5 } }, [
    'listen.timeouts.header: expected a duration such as "250ms" or "5s"',
    'listen.timeouts.header: the engine "serve" has no timeouts.header',
  ]],
];
for (const [what, listen, issues] of LISTENERS) {
  Deno.test(`validateConfig() judges ${what}`, () =>
    assert.deepEqual(messages({ listen, admin: false, routes: [{ path: "/", respond: {} }] }), issues));
}

Deno.test("validateConfig() lets a target be as long as the head where the head is short", () => {
  const targets = (limits: object) =>
    validateConfig({ listen: { port: 1, limits }, routes: [{ path: "/", respond: {} }] }).config?.listen[0].limits
      .target;
  assert.equal(targets({}), 8192);
  assert.equal(targets({ headerBytes: 1024 }), 1024);
  assert.equal(targets({ headerBytes: "64KiB" }), 8192);
  assert.equal(targets({ target: 100, headerBytes: 1024 }), 100);
});

const RULES: readonly (readonly [what: string, config: object, issues: readonly string[]])[] = [
  ["a prefix whose second segment differs", {
    routes: [{ path: "/api/v1/*", upstream: "http://a", stripPrefix: "/api/v2" }],
  }, [
    'routes[0].stripPrefix: the path "/api/v1/*" does not begin with this prefix',
  ]],
  ["a prefix that is part of a segment", {
    routes: [{ path: "/api/v1/*", upstream: "http://a", stripPrefix: "/api/v" }],
  }, [
    'routes[0].stripPrefix: the path "/api/v1/*" does not begin with this prefix',
  ]],
  ["a prefix that is longer than the path", {
    routes: [{ path: "/api", upstream: "http://a", stripPrefix: "/api/v1" }],
  }, [
    'routes[0].stripPrefix: the path "/api" does not begin with this prefix',
  ]],
  [
    "a prefix that is the whole path",
    { routes: [{ path: "/api/v1", upstream: "http://a", stripPrefix: "/api/v1" }] },
    [],
  ],
  ["two spellings of one header", { routes: [{ path: "/", respond: {}, headers: { "X-A": "1", "x-a": "2" } }] }, [
    'routes[0].headers.x-a: header names have no case, so "X-A" is the same header',
  ]],
  ["a name that stands three times", { routes: ["/a", "/b", "/c"].map((path) => ({ path, name: "n", respond: {} })) }, [
    "routes[1].name: routes[0] has this name already",
    "routes[2].name: routes[0] has this name already",
  ]],
  ["one address twice among settings", {
    upstreams: { a: { endpoints: ["http://a", { url: "http://a:80", weight: 2 }] } },
    routes: [{ path: "/", upstream: "a" }],
  }, ["upstreams.a.endpoints[1]: endpoints[0] of this upstream has the same address"]],
  ["an upstream as used, perhaps, while a route cannot be read", {
    upstreams: { a: "http://a" },
    routes: [{ path: "/", upstream: ["a"] }],
  }, ['routes[0].upstream: expected the name of an upstream, or a URL such as "http://127.0.0.1:3000"']],
  ["__proto__ where any name can stand", {
    upstreams: { ["__proto__"]: "http://a" },
    routes: [{
      path: "/",
      upstream: "__proto__",
      headers: { ["__proto__"]: "1" },
      policies: [headers({ request: { set: { ["__proto__"]: "1" } } })],
    }],
  }, [
    "upstreams.__proto__: __proto__ cannot be a key",
    "routes[0].headers.__proto__: __proto__ cannot be a key",
    "routes[0].policies[0].request.set.__proto__: __proto__ cannot be a key",
  ]],
  ["a method that is added, on a route", {
    methods: ["PURGE", "Ban"],
    routes: [{ path: "/", respond: {}, methods: ["PURGE", "Ban", "REPORT", "GET"] }],
  }, []],
  ["a method that nobody added, on an included route too", {
    routes: [{ path: "/", respond: {}, methods: ["PURGE"] }],
    include: [{ routes: [{ path: "/a", respond: {}, methods: ["BAN"] }] }],
  }, [
    "routes[0].methods[0]: this gateway does not accept PURGE",
    "include[0].routes[0].methods[0]: this gateway does not accept BAN",
  ]],
  ["a method that differs in case from the one that is added", {
    methods: ["Purge"],
    routes: [{ path: "/", respond: {}, methods: ["PURGE"] }],
  }, ['routes[0].methods[0]: this gateway does not accept PURGE, did you mean "Purge"?']],
  ["a method that is added twice", { methods: ["BAN", "BAN"], routes: [{ path: "/", respond: {} }] }, [
    "methods[1]: methods[0] is this method already",
  ]],
  ["HTTP/2 to a Unix socket among others", {
    upstreams: { a: { endpoints: ["http://a", "unix:/a.sock"], protocol: "h2" } },
    routes: [{ path: "/", upstream: "a" }],
  }, ["upstreams.a.protocol: endpoints[1] is a Unix socket, over which only HTTP/1.1 is spoken"]],
  ["HTTP/2 without TLS", {
    upstreams: { a: { endpoints: ["http://a"], protocol: "h2" } },
    routes: [{ path: "/", upstream: "a" }],
  }, []],
  ["an upstream that no route uses", { upstreams: { a: "http://a" }, routes: [{ path: "/", respond: {} }] }, [
    "upstreams.a: nothing uses this upstream",
  ]],
];
for (const [what, config, issues] of RULES) {
  Deno.test(`validateConfig() sees ${what}`, () => assert.deepEqual(messages(config), issues));
}

Deno.test("validateConfig() sends the client's Host to http endpoints, and their own to https ones", () => {
  const upstreams = {
    a: "http://a",
    b: "https://b",
    c: ["https://c"],
    d: { endpoints: ["https://d"], host: "client" },
  };
  const routes = Object.keys(upstreams).map((name) => ({ path: `/${name}`, upstream: name }));
  const { config } = validateConfig({ upstreams, routes: [...routes, { path: "/e", upstream: "https://e" }] });
  assert.deepEqual(config?.upstreams.map(({ name, host }) => `${name}: ${host}`), [
    "a: client",
    "b: endpoint",
    "c: endpoint",
    "d: client",
    "https://e: endpoint",
  ]);
});
