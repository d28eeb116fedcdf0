/** Configs that must not compile, each with what the compiler says about it. @module */

/** A wrong config. */
export interface WrongConfig {
  /** What is wrong with it. */
  readonly name: string;
  /** A module; what {@link PRELUDE} declares is there. */
  readonly config: string;
  /** What it exports. @default "gateway" */
  readonly exports?: "gateway" | "base";
  /** Nobody can look into a function before it runs but the compiler. @default "compiler and check" */
  readonly seenBy?: "compiler" | "compiler and check";
  /** Every error: its head line, and how the source that it marks begins. */
  readonly errors: readonly (readonly [message: string, at: string])[];
}

/** What stands above each wrong config, on one line. */
export const PRELUDE = [
  'import { defineBase, defineGateway, definePolicy, demo, headers, routes } from "gatewright";',
  'const auth = definePolicy({ name: "auth", gives: ["jwt:sub", "consumer"], handle: (_ctx, next) => next() });',
  'const quota = definePolicy({ name: "quota", needs: ["jwt:sub"], handle: (_ctx, next) => next() });',
  'const perItem = definePolicy({ name: "perItem", needs: ["param:idd"], handle: (_ctx, next) => next() });',
  'const perCustomer = definePolicy({ name: "perCustomer", needs: ["consumer"], handle: (_ctx, next) => next() });',
  "void [defineBase, demo, headers, routes, auth, quota, perItem, perCustomer];",
].join(" ");

const HTTP = "`http://${string}` | `https://${string}`";
const DURATION = "`${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`";
const TENANT_KEY =
  '"ip" | "global" | "route" | "request:id" | `header:${string}` | `query:${string}` | `cookie:${string}`';

/** A gateway with the upstreams `users` and `files`. */
function gateway(rest: string): string {
  return `export default defineGateway({ upstreams: { users: "http://a", files: "http://b" }, ${rest} });`;
}

/** One route of that gateway. */
function route(fields: string): string {
  return gateway(`routes: [{ ${fields} }]`);
}

/** A gateway with this upstream. */
function upstream(value: string): string {
  return `export default defineGateway({ upstreams: { app: ${value} }, routes: [] });`;
}

/** The message for a value of the wrong type. */
function wrong(seen: string, expected: string, meant?: string): string {
  const hint = meant === undefined ? "" : ` Did you mean '${meant}'?`;
  return `Type '${seen}' is not assignable to type '${expected}'.${hint}`;
}

/** The message for an unknown key. */
function unknownKey(key: string, type: string, meant?: string): string {
  return meant === undefined
    ? `Object literal may only specify known properties, and '${key}' does not exist in type '${type}'.`
    : `Object literal may only specify known properties, but '${key}' does not exist in type '${type}'. ` +
      `Did you mean to write '${meant}'?`;
}

function gatewayType(listeners: string, routes: string): string {
  return `GatewayConfig<{ readonly users: "http://a"; readonly files: "http://b"; }, readonly [], ${listeners}, ` +
    `readonly [], ${routes}>`;
}

const UPSTREAM: readonly WrongConfig[] = [
  {
    name: "a typo in an upstream's name",
    config: route('path: "/a", upstream: "user"'),
    errors: [[wrong('"user"', `${HTTP} | "users" | "files" | undefined`, '"users"'), "upstream:"]],
  },
  {
    name: "a typo in the scheme of an upstream's URL",
    config: route('path: "/a", upstream: "htp://localhost:3000"'),
    errors: [[wrong('"htp://localhost:3000"', `${HTTP} | "users" | "files" | undefined`), "upstream:"]],
  },
  {
    name: "a name where there are no upstreams",
    config: 'export default defineGateway({ routes: [{ path: "/a", upstream: "users" }] });',
    errors: [[wrong('"users"', `${HTTP} | undefined`), "upstream:"]],
  },
  {
    name: "an upstream without scheme",
    config: upstream('"localhost:3000"'),
    errors: [[wrong('"localhost:3000"', '"http://localhost:3000"'), "app:"]],
  },
  {
    name: "an upstream's URL with a typo in its scheme",
    config: upstream('"htps://api.example.com"'),
    errors: [[
      wrong(
        '"htps://api.example.com"',
        '"http://api.example.com" | "https://api.example.com"',
        '"https://api.example.com"',
      ),
      "app:",
    ]],
  },
  {
    name: "an endpoint without scheme, in a list",
    config: upstream('["http://a", "localhost:3000"]'),
    errors: [[wrong('"localhost:3000"', '"http://localhost:3000"'), '"localhost:3000"]']],
  },
  {
    name: "an endpoint without scheme, in settings",
    config: upstream('{ endpoints: [{ url: "localhost:3000" }] }'),
    errors: [[wrong('"localhost:3000"', '"http://localhost:3000"'), "url:"]],
  },
  {
    name: "no endpoints",
    config: upstream("{ endpoints: [] }"),
    errors: [[wrong("never[]", '"an upstream has at least one endpoint"'), "endpoints:"]],
  },
  {
    name: "settings without endpoints",
    config: upstream('{ balance: "round-robin" }'),
    errors: [[
      `Property 'endpoints' is missing in type '{ balance: "round-robin"; }' but required in type 'UpstreamConfig<unknown>'.`,
      "app:",
    ]],
  },
  {
    name: "a typo in a balancer's name",
    config: upstream('{ endpoints: ["http://a"], balance: "round-robbin" }'),
    errors: [[wrong('"round-robbin"', '"round-robin"'), "balance:"]],
  },
  {
    name: "an unknown key of an upstream",
    config: upstream('{ endpoints: ["http://a"], balanse: "round-robin" }'),
    errors: [[unknownKey("balanse", 'UpstreamConfig<readonly ["http://a"]>', "balance"), "balanse:"]],
  },
  {
    name: "an unknown key of an upstream's timeouts",
    config: upstream('{ endpoints: ["http://a"], timeouts: { hed: "1s" } }'),
    errors: [[unknownKey("hed", "Timeouts", "head"), "hed:"]],
  },
  {
    name: "an unknown key of an upstream's pool",
    config: upstream('{ endpoints: ["http://a"], pool: { maxx: 3 } }'),
    errors: [[unknownKey("maxx", "PoolConfig", "max"), "maxx:"]],
  },
  {
    name: "an unknown key of an upstream's TLS",
    config: upstream('{ endpoints: ["https://a"], tls: { servername: "b" } }'),
    errors: [[unknownKey("servername", "UpstreamTls", "serverName"), "servername:"]],
  },
  {
    name: "an unknown key of an endpoint",
    config: upstream('[{ url: "http://a", wieght: 2 }]'),
    errors: [[unknownKey("wieght", 'EndpointConfig<"http://a">', "weight"), "wieght:"]],
  },
  {
    name: "a typo in the kind of a demo endpoint",
    config: upstream('[demo("slwo", { port: 9003 })]'),
    errors: [[
      `Argument of type '"slwo"' is not assignable to parameter of type '"fast" | "slow" | "faulty" | "echo"'.`,
      '"slwo"',
    ]],
  },
  {
    name: "a typo in the kind of a demo endpoint, as YAML has it",
    config: upstream('[{ demo: "slwo", port: 9003 }]'),
    errors: [[wrong('"slwo"', '"fast" | "slow" | "faulty" | "echo"'), "demo:"]],
  },
  {
    name: "a demo option of another kind",
    config: upstream('[demo("fast", { port: 9003, delay: "1s" })]'),
    errors: [[unknownKey("delay", "DemoOptions"), "delay:"]],
  },
  {
    name: "an unknown key of a demo endpoint",
    config: upstream('[demo("slow", { prt: 9003 })]'),
    errors: [[unknownKey("prt", "SlowDemoOptions", "port"), "prt:"]],
  },
];

const PATH: readonly WrongConfig[] = [
  {
    name: "a path without slash",
    config: route('path: "users/:id", upstream: "users"'),
    errors: [[wrong('"users/:id"', '"/users/:id"'), "path:"]],
  },
  {
    name: "a rewrite without slash",
    config: route('path: "/users/:id", upstream: "users", rewrite: "v2/:id"'),
    errors: [[wrong('"v2/:id"', '"/v2/:id"'), "rewrite:"]],
  },
  {
    name: "a rewrite with a parameter that the path has not",
    config: route('path: "/users/:id", upstream: "users", rewrite: "/users/:idd"'),
    errors: [[wrong('"/users/:idd"', '"/users/:id"'), "rewrite:"]],
  },
  {
    name: "a rewrite with a parameter in braces that the path has not",
    config: route('path: "/users/{id}/{part}", upstream: "users", rewrite: "/users/{idd}"'),
    errors: [[wrong('"/users/{idd}"', '"/users/{id}" | "/users/{part}" | undefined', '"/users/{id}"'), "rewrite:"]],
  },
  {
    name: "a rewrite with a wildcard of another name",
    config: route('path: "/users/*", upstream: "users", rewrite: "/users/*rest"'),
    errors: [[wrong('"/users/*rest"', '"/users/(the path has no wildcard of this name)"'), "rewrite:"]],
  },
  {
    name: "a rewrite with a parameter where the path has none",
    config: route('path: "/users", upstream: "users", rewrite: "/v2/:id"'),
    errors: [[wrong('"/v2/:id"', '"/v2/(the path has no parameters)"'), "rewrite:"]],
  },
  {
    name: "a prefix that the path does not have",
    config: route('path: "/api/users/:id", upstream: "users", stripPrefix: "/apis"'),
    errors: [[wrong('"/apis"', '"/api" | "/api/users" | undefined', '"/api"'), "stripPrefix:"]],
  },
  {
    name: "a prefix where the path begins with a parameter",
    config: route('path: "/:id", upstream: "users", stripPrefix: "/a"'),
    errors: [[wrong('"/a"', '"(the path begins with no literal segment)"'), "stripPrefix:"]],
  },
  {
    name: "a prefix and a rewrite",
    config: route('path: "/a/*", upstream: "users", stripPrefix: "/a", rewrite: "/b/*"'),
    errors: [[wrong('"/b/*"', '"rewrite and stripPrefix both say what path goes upstream"'), "rewrite:"]],
  },
  {
    name: "a handler that reads a parameter that the path has not",
    seenBy: "compiler",
    config: route('path: "/hello/:name", handler: (ctx) => new Response(ctx.params.names)'),
    errors: [["Property 'names' does not exist on type '{ readonly name: string; }'. Did you mean 'name'?", "names)"]],
  },
  {
    name: "a template with a parameter that the path has not",
    config: route('path: "/u/:id", upstream: "users", policies: [headers({ request: { set: { a: "{param:uid}" } } })]'),
    errors: [[
      wrong('Policy<"headers", "param:uid", never>', '"headers reads param:uid, but the path has no :uid"'),
      "headers({",
    ]],
  },
  {
    name: "a template with the wildcard where the path has none",
    config: route('path: "/u/:id", upstream: "users", policies: [headers({ request: { set: { a: "{param:*}" } } })]'),
    errors: [[
      wrong('Policy<"headers", "param:*", never>', '"headers reads param:*, but the path does not end in *"'),
      "headers({",
    ]],
  },
  {
    name: "a redirect with a parameter that the path has not",
    config: route('path: "/a/:id", redirect: "/b/{param:idd}"'),
    errors: [[wrong('"/b/{param:idd}"', '"redirect reads param:idd, but the path has no :idd"'), "redirect:"]],
  },
  {
    name: "a redirect with settings and a parameter that the path has not",
    config: route('path: "/a/:id", redirect: { to: "/b/{param:idd}", status: 308 }'),
    errors: [[wrong('"/b/{param:idd}"', '"redirect reads param:idd, but the path has no :idd"'), "to:"]],
  },
];

const CHAIN: readonly WrongConfig[] = [
  {
    name: "a policy that reads a parameter that the path has not",
    config: route('path: "/a/:id", upstream: "users", policies: [perItem]'),
    errors: [[
      wrong('Policy<"perItem", "param:idd", never>', '"perItem reads param:idd, but the path has no :idd"'),
      "perItem]",
    ]],
  },
  {
    name: "a policy before its provider",
    config: route('path: "/a", upstream: "users", policies: [quota, auth]'),
    errors: [[
      wrong('Policy<"quota", "jwt:sub", never>', '"quota reads jwt:sub, but no jwt() that provides it comes before"'),
      "quota, auth]",
    ]],
  },
  {
    name: "a claim that the provider does not give",
    config: route(
      'path: "/a", upstream: "users", policies: [auth, headers({ request: { set: { a: "{jwt:teir}" } } })]',
    ),
    errors: [[
      wrong(
        'Policy<"headers", "jwt:teir", never>',
        '"headers reads jwt:teir, but no jwt() that provides it comes before"',
      ),
      "headers({",
    ]],
  },
  {
    name: "a policy that nothing provides for",
    config: route('path: "/a", upstream: "users", policies: [perCustomer]'),
    errors: [[
      wrong(
        'Policy<"perCustomer", "consumer", never>',
        '"perCustomer reads consumer, but no policy before it provides that"',
      ),
      "perCustomer]",
    ]],
  },
  {
    name: "a global policy whose provider is on a route",
    config: gateway('policies: [quota], routes: [{ path: "/a", upstream: "users", policies: [auth] }]'),
    errors: [[
      wrong('Policy<"quota", "jwt:sub", never>', '"quota reads jwt:sub, but no jwt() that provides it comes before"'),
      "quota]",
    ]],
  },
  {
    name: "a global policy that reads a parameter",
    config: gateway('policies: [perItem], routes: [{ path: "/a/:idd", upstream: "users" }]'),
    errors: [[
      wrong(
        'Policy<"perItem", "param:idd", never>',
        '"perItem reads param:idd, but global policies run without a path; move it to a route"',
      ),
      "perItem]",
    ]],
  },
  {
    name: "a redirect that reads a claim that nothing provides",
    config: route('path: "/a", redirect: "/b/{jwt:sub}"'),
    errors: [[
      wrong('"/b/{jwt:sub}"', '"redirect reads jwt:sub, but no jwt() that provides it comes before"'),
      "redirect:",
    ]],
  },
  {
    name: "a policy that was not called",
    config: route('path: "/a", upstream: "users", policies: [headers]'),
    errors: [[
      wrong(
        '<const V extends string>(options: HeadersOptions<V>) => Policy<"headers", FactsIn<V>, never>',
        "Policy<string, string, string>",
      ),
      "headers]",
    ]],
  },
  {
    name: "a typo in a policy's option",
    config: route('path: "/a", upstream: "users", policies: [headers({ request: { sett: { a: "b" } } })]'),
    errors: [[unknownKey("sett", "HeaderEditOptions<string>", "set"), "sett:"]],
  },
  {
    name: "a fact that is none",
    config: 'const p = definePolicy({ name: "p", needs: ["heder:x"], handle: (_ctx, next) => next() }); ' +
      route('path: "/a", upstream: "users", policies: [p]'),
    errors: [
      [wrong('"heder:x"', "Fact"), '"heder:x"]'],
      [
        wrong(
          'Policy<"p", Fact, never>',
          '"p reads basic:user, but no policy before it provides that" | "p reads consumer, but no policy before it provides that" | ' +
            "`p reads jwt:${string}, but no jwt() that provides it comes before` | `p reads param:${string}, but the path has no :${string}`",
        ),
        "p]",
      ],
    ],
  },
];

const TARGET: readonly WrongConfig[] = [
  {
    name: "no target",
    config: route('path: "/a", policies: [auth]'),
    errors: [[wrong('"/a"', '"this route has no target: add upstream, redirect, respond or handler"'), "path:"]],
  },
  {
    name: "upstream and redirect",
    config: route('path: "/a", upstream: "users", redirect: "/b"'),
    errors: [[wrong('"/b"', '"a route has one target; this one has upstream too"'), "redirect:"]],
  },
  {
    name: "upstream and respond",
    config: route('path: "/a", upstream: "users", respond: { body: "b" }'),
    errors: [[wrong("{ body: string; }", '"a route has one target; this one has upstream too"'), "respond:"]],
  },
  {
    name: "upstream and handler",
    config: route('path: "/a/:id", upstream: "users", handler: (ctx) => new Response(ctx.params.id)'),
    errors: [[wrong('"users"', '"a route has one target; this one has handler too"'), "upstream:"]],
  },
  {
    name: "a rewrite without upstream",
    config: route('path: "/a", redirect: "/b", rewrite: "/c"'),
    errors: [[wrong('"/c"', '"rewrite is for routes with an upstream"'), "rewrite:"]],
  },
  {
    name: "a prefix without upstream",
    config: route('path: "/a/*", handler: () => new Response(), stripPrefix: "/a"'),
    errors: [[wrong('"/a"', '"stripPrefix is for routes with an upstream"'), "stripPrefix:"]],
  },
  {
    name: "timeouts without upstream",
    config: route('path: "/a", respond: {}, timeouts: { head: "1s" }'),
    errors: [[wrong("{ head: string; }", '"timeouts is for routes with an upstream"'), "timeouts:"]],
  },
  {
    name: "a redirect with a status that does not redirect",
    config: route('path: "/a", redirect: { to: "/b", status: 304 }'),
    errors: [[wrong("304", "301 | 302 | 303 | 307 | 308 | undefined"), "status:"]],
  },
  {
    name: "an unknown key of a redirect",
    config: route('path: "/a", redirect: { to: "/b", keepQeury: true }'),
    errors: [[unknownKey("keepQeury", "Redirect & { readonly to: string; }", "keepQuery"), "keepQeury:"]],
  },
  {
    name: "an unknown key of a fixed answer",
    config: route('path: "/a", respond: { jsn: 1 }'),
    errors: [[unknownKey("jsn", "Respond", "json"), "jsn:"]],
  },
  {
    name: "a handler that answers with text",
    seenBy: "compiler",
    config: route('path: "/hello/:name", handler: (ctx) => ctx.params.name'),
    errors: [[
      wrong('(ctx: Context<"name", Readonly<Record<string, unknown>>>) => string', 'RouteHandler<"name">'),
      "handler:",
    ]],
  },
];

const ROUTE: readonly WrongConfig[] = [
  {
    name: "a typo in a route's key",
    config: route('path: "/a", upstream: "users", timeout: { head: "1s" }'),
    errors: [[
      unknownKey(
        "timeout",
        'Route<"/a", { readonly path: "/a"; readonly upstream: "users"; readonly timeout: { readonly head: "1s"; }; }, ' +
          '"users" | "files", never>',
        "timeouts",
      ),
      "timeout:",
    ]],
  },
  {
    // The prefix must not be taken for a path: the type would be of Route<"/a/:id" | "a", …>.
    name: "a typo in a route's key, beside a prefix",
    config: route('path: "/a/:id", upstream: "users", stripPrefix: "/a", nam: "a"'),
    errors: [[
      unknownKey(
        "nam",
        'Route<"/a/:id", { readonly path: "/a/:id"; readonly upstream: "users"; readonly stripPrefix: "/a"; readonly nam: "a"; ' +
          '}, "users" | "files", never>',
        "name",
      ),
      "nam:",
    ]],
  },
  {
    name: "an upstream's setting on a route",
    config: route('path: "/a", upstream: "users", balance: "round-robin"'),
    errors: [[
      unknownKey(
        "balance",
        'Route<"/a", { readonly path: "/a"; readonly upstream: "users"; readonly balance: "round-robin"; }, ' +
          '"users" | "files", never>',
      ),
      "balance:",
    ]],
  },
  {
    name: "a method in lower case",
    config: route('path: "/a", upstream: "users", methods: ["get"]'),
    errors: [[wrong('"get"', "Method", '"GET"'), '"get"]']],
  },
  {
    name: "a tenant told apart by a fact",
    config: route('path: "/a", upstream: "users", tenant: { key: "jwt:org", is: "acme" }'),
    errors: [[wrong('"jwt:org"', TENANT_KEY), "key:"]],
  },
  {
    name: "a key outside the grammar",
    config: route('path: "/a", upstream: "users", tenant: { key: "heder:x", is: "acme" }'),
    errors: [[wrong('"heder:x"', TENANT_KEY), "key:"]],
  },
  {
    name: "an unknown key of a condition",
    config: route('path: "/a", upstream: "users", headers: { "x-a": { regexp: "b" } }'),
    errors: [[
      unknownKey(
        "regexp",
        "{ readonly present: boolean; } | { readonly oneOf: readonly string[]; } | { readonly regex: string; }",
      ),
      "regexp:",
    ]],
  },
  {
    name: "several errors in one config",
    config: gateway(
      'routes: [{ path: "/users/:id", upstream: "user", rewrite: "/users/:idd", policies: [perItem] }, ' +
        '{ path: "/b", upstream: "file" }]',
    ),
    errors: [
      [wrong('"user"', `${HTTP} | "users" | "files" | undefined`, '"users"'), "upstream:"],
      [wrong('"/users/:idd"', '"/users/:id"'), "rewrite:"],
      [
        wrong('Policy<"perItem", "param:idd", never>', '"perItem reads param:idd, but the path has no :idd"'),
        "perItem]",
      ],
      [wrong('"file"', `${HTTP} | "users" | "files" | undefined`, '"files"'), 'upstream: "file"'],
    ],
  },
  {
    // Two errors, of which one is shown, and against the type of the other: include is better than a spread.
    name: "errors behind a spread",
    config: 'const more = [{ path: "/a", upstream: "users" }, { path: "/b", upstream: "users" }] as const; ' +
      gateway(
        'routes: [...more, { path: "/c/:id", upstream: "files", rewrite: "/c/:idd" }, { path: "/d", upstream: "fils" }]',
      ),
    errors: [[
      wrong(
        '{ path: "/d"; upstream: "fils"; }',
        'Route<"/c/:id", { readonly path: "/c/:id"; readonly upstream: "files"; readonly rewrite: "/c/:idd"; }, "users" | "files", never>',
      ),
      '{ path: "/d"',
    ]],
  },
];

const SETTINGS: readonly WrongConfig[] = [
  {
    name: "a typo in a key of the config",
    config: gateway('trustedProxys: [], routes: [{ path: "/a", upstream: "users" }]'),
    errors: [[
      unknownKey(
        "trustedProxys",
        gatewayType("unknown", 'readonly ["/a"], readonly [{ readonly path: "/a"; readonly upstream: "users"; }]'),
        "trustedProxies",
      ),
      "trustedProxys:",
    ]],
  },
  {
    name: "a key of YAML only",
    config: gateway("plugins: [], routes: []"),
    errors: [[unknownKey("plugins", gatewayType("unknown", "readonly [], readonly []")), "plugins:"]],
  },
  {
    name: "no routes",
    config: "export default defineGateway({ listen: { port: 80 } });",
    errors: [[
      "Argument of type '{ listen: { port: number; }; }' is not assignable to parameter of type 'GatewayConfig<" +
      "Record<never, never>, readonly [], { port: number; }, readonly [], readonly string[], readonly unknown[]>'.",
      "{ listen:",
    ]],
  },
  {
    name: "an unknown key of a listener",
    config: gateway("listen: { prt: 80 }, routes: []"),
    errors: [[unknownKey("prt", "Listener", "port"), "prt:"]],
  },
  {
    name: "an unknown key of a listener in a list",
    config: gateway('listen: [{ port: 80, hostnam: "::" }], routes: []'),
    errors: [[unknownKey("hostnam", "Listener", "hostname"), "hostnam:"]],
  },
  {
    name: "an unknown key of admin",
    config: gateway("admin: { prt: 80 }, routes: []"),
    errors: [[unknownKey("prt", "AdminConfig", "port"), "prt:"]],
  },
  {
    name: "a token that is written out",
    config: gateway('admin: { token: "secret" }, routes: []'),
    errors: [[wrong("string", "Secret | undefined"), "token:"]],
  },
  {
    name: "a wrong word for slashes",
    config: gateway('paths: { encodedSlash: "kep" }, routes: []'),
    errors: [[wrong('"kep"', '"keep" | "reject" | undefined', '"keep"'), "encodedSlash:"]],
  },
  {
    name: "an unknown key of paths",
    config: gateway("paths: { mergeSlashs: true }, routes: []"),
    errors: [[unknownKey("mergeSlashs", "PathsConfig", "mergeSlashes"), "mergeSlashs:"]],
  },
  {
    name: "an unknown key of requestId",
    config: gateway('requestId: { heder: "x-id" }, routes: []'),
    errors: [[unknownKey("heder", "RequestIdConfig", "header"), "heder:"]],
  },
  {
    name: "an unknown key of telemetry",
    config: gateway("telemetry: { accesslog: true }, routes: []"),
    errors: [[unknownKey("accesslog", "TelemetryConfig", "accessLog"), "accesslog:"]],
  },
  {
    name: "an unknown key of shutdown",
    config: gateway('shutdown: { graze: "1s" }, routes: []'),
    errors: [[unknownKey("graze", "ShutdownConfig", "grace"), "graze:"]],
  },
  {
    name: "a duration without a known unit",
    config: gateway('shutdown: { grace: "60sec" }, routes: []'),
    errors: [[wrong('"60sec"', `${DURATION} | undefined`), "grace:"]],
  },
];

const SPLIT: readonly WrongConfig[] = [
  {
    name: "a typo in an upstream's name, in another file",
    config: 'const base = defineBase({ upstreams: { users: "http://a" } }); ' +
      'export default defineGateway({ ...base, include: [routes(base, [{ path: "/a", upstream: "user" }])], routes: [] });',
    errors: [[wrong('"user"', `${HTTP} | "users" | undefined`, '"users"'), 'upstream: "user"']],
  },
  {
    name: "an unknown key of a base",
    config: 'export default defineGateway({ ...defineBase({ upstream: { users: "http://a" } }), routes: [] });',
    errors: [[unknownKey("upstream", "BaseConfig<Record<never, never>, readonly []>", "upstreams"), "upstream:"]],
  },
  {
    name: "a base whose policies are out of order",
    config: "export default defineBase({ policies: [quota, auth] });",
    exports: "base",
    errors: [[
      wrong('Policy<"quota", "jwt:sub", never>', '"quota reads jwt:sub, but no jwt() that provides it comes before"'),
      "quota, auth]",
    ]],
  },
  {
    name: "routes of another base's upstreams",
    config:
      'const bills = routes(defineBase({ upstreams: { billing: "http://c" } }), [{ path: "/b", upstream: "billing" }]); ' +
      gateway("include: [bills], routes: []"),
    errors: [[wrong('RouteSet<"billing", never>', '"these routes count on an upstream named billing"'), "bills]"]],
  },
  {
    name: "routes that count on a policy of another base",
    config: 'const base = defineBase({ upstreams: { users: "http://a" }, policies: [auth] }); ' +
      'const mine = routes(base, [{ path: "/me", upstream: "users", policies: [perCustomer] }]); ' +
      "export default defineGateway({ upstreams: base.upstreams, include: [mine], routes: [] });",
    errors: [[
      wrong(
        'RouteSet<"users", "consumer" | "jwt:sub">',
        '"these routes count on a global policy that provides consumer" | ' +
          '"these routes count on a global policy that provides jwt:sub"',
      ),
      "mine]",
    ]],
  },
  {
    name: "a file's name in include",
    config: gateway('include: ["./users.ts"], routes: []'),
    errors: [[wrong('"./users.ts"', '"include takes what routes(base, [...]) returns"'), '"./users.ts"]']],
  },
  {
    name: "a plain list in include",
    config: gateway('include: [[{ path: "/a", upstream: "users" }]], routes: []'),
    errors: [[
      wrong("[{ path: string; upstream: string; }]", '"include takes what routes(base, [...]) returns"'),
      "[{ path:",
    ]],
  },
];

/** Every wrong config. */
export const WRONG_CONFIGS: readonly WrongConfig[] = [
  ...UPSTREAM,
  ...PATH,
  ...CHAIN,
  ...TARGET,
  ...ROUTE,
  ...SETTINGS,
  ...SPLIT,
];
