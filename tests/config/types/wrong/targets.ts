/** Targets: none, several, or settings that belong to another. @module */

import { DURATION, HTTP, route, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** How the compiler prints a split. */
const SPLIT_OF_USERS = 'Split<"users" | "files", SplitKey | readonly SplitKey[]>';

/** Targets: none, several, or settings that belong to another. */
export const TARGET: readonly WrongConfig[] = [
  {
    name: "no target",
    config: route('path: "/a", policies: [auth]'),
    errors: [[wrong('"/a"', '"this route has no target: add upstream, split, redirect, respond or handler"'), "path:"]],
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
    name: "upstream and split",
    config: route('path: "/a", upstream: "users", split: { to: [{ upstream: "files", weight: 1 }] }'),
    errors: [[
      wrong(
        "{ to: { upstream: string; weight: number; }[]; }",
        '"a route has one target; this one has upstream too"',
      ),
      "split:",
    ]],
  },
  {
    name: "split and handler",
    config: route('path: "/a", split: { to: [{ upstream: "files", weight: 1 }] }, handler: () => new Response()'),
    errors: [[
      wrong(
        "{ to: { upstream: string; weight: number; }[]; }",
        '"a route has one target; this one has handler too"',
      ),
      "split:",
    ]],
  },
  {
    name: "a typo in the upstream of a branch",
    config: route('path: "/a", split: { to: [{ upstream: "users", weight: 95 }, { upstream: "file", weight: 5 }] }'),
    errors: [[wrong('"file"', `${HTTP} | "users" | "files"`, '"files"'), 'upstream: "file"']],
  },
  {
    name: "a branch without weight",
    config: route('path: "/a", split: { to: [{ upstream: "users" }] }'),
    errors: [[
      `Property 'weight' is missing in type '{ upstream: "users"; }' but required in type 'SplitBranch<"users" | "files">'.`,
      "{ upstream:",
    ]],
  },
  {
    name: "a branch that a query parameter forces",
    config: route('path: "/a", split: { to: [{ upstream: "users", weight: 1, when: "query:v=2" }] }'),
    errors: [[wrong('"query:v=2"', "`header:${string}`"), "when:"]],
  },
  {
    name: "an unknown key of a split",
    config: route('path: "/a", split: { to: [{ upstream: "users", weight: 1 }], stikyBy: "ip" }'),
    errors: [[unknownKey("stikyBy", SPLIT_OF_USERS, "stickyBy"), "stikyBy:"]],
  },
  {
    name: "a split by what no policy provides",
    config: route(
      'path: "/a", split: { to: [{ upstream: "users", weight: 1 }], stickyBy: "jwt:sub" }, policies: [perCustomer]',
    ),
    errors: [
      [
        wrong('"jwt:sub"', '"split reads jwt:sub, but no jwt() that provides it comes before"'),
        "stickyBy:",
      ],
      [
        wrong(
          'Policy<"perCustomer", "consumer", never>',
          '"perCustomer reads consumer, but no policy before it provides that"',
        ),
        "perCustomer]",
      ],
    ],
  },
  {
    name: "a split by a parameter that the path has not, among other keys",
    config: route('path: "/a/:id", split: { to: [{ upstream: "users", weight: 1 }], stickyBy: ["ip", "param:idd"] }'),
    errors: [[wrong("string[]", '"split reads param:idd, but the path has no :idd"'), "stickyBy:"]],
  },
  {
    name: "a split by what all requests have in common",
    config: route('path: "/a", split: { to: [{ upstream: "users", weight: 1 }], stickyBy: "global" }'),
    errors: [[wrong('"global"', "SplitKey | readonly SplitKey[] | undefined"), "stickyBy:"]],
  },
  {
    name: "a typo in a mirror's upstream",
    config: route('path: "/a", upstream: "users", mirror: { upstream: "file" }'),
    errors: [[wrong('"file"', `${HTTP} | "users" | "files"`, '"files"'), 'upstream: "file"']],
  },
  {
    name: "an unknown key of a mirror",
    config: route('path: "/a", upstream: "users", mirror: { upstream: "files", shair: 0.1 }'),
    errors: [[unknownKey("shair", 'Mirror<"users" | "files">', "share"), "shair:"]],
  },
  {
    name: "a typo in a fallback's upstream",
    config: route('path: "/a", upstream: "users", fallback: { upstream: "file" }'),
    errors: [[wrong('"file"', `${HTTP} | "users" | "files"`, '"files"'), 'upstream: "file"']],
  },
  {
    name: "a fallback with two targets",
    config: route('path: "/a", upstream: "users", fallback: { upstream: "files", respond: {} }'),
    errors: [[unknownKey("upstream", "RespondFallback"), 'upstream: "files"']],
  },
  {
    name: "a fallback without a target",
    config: route('path: "/a", upstream: "users", fallback: { on: [503] }'),
    errors: [[
      wrong("{ on: number[]; }", 'RespondFallback | UpstreamFallback<"users" | "files"> | undefined'),
      "fallback:",
    ]],
  },
  {
    name: "a kind of failure, which counts in any case, for a fallback",
    config: route('path: "/a", upstream: "users", fallback: { upstream: "files", on: ["timeout"] }'),
    errors: [[wrong('"timeout"', 'number | "5xx"'), '"timeout"']],
  },
  {
    name: "an unknown key of a fallback's answer",
    config: route('path: "/a", upstream: "users", fallback: { respond: { stats: 503 } }'),
    errors: [[unknownKey("stats", "Respond", "status"), "stats:"]],
  },
  {
    name: "a retry without upstream",
    config: route('path: "/a", respond: {}, retry: { attempts: 3 }'),
    errors: [[wrong("{ attempts: number; }", '"retry is for routes with an upstream"'), "retry:"]],
  },
  {
    name: "a hedge, a mirror and a fallback without upstream",
    config: route(
      'path: "/a", redirect: "/b", hedge: false, mirror: { upstream: "users" }, fallback: { upstream: "users" }',
    ),
    errors: [
      [wrong("false", '"hedge is for routes with an upstream"'), "hedge:"],
      [wrong("{ upstream: string; }", '"mirror is for routes with an upstream"'), "mirror:"],
      [wrong("{ upstream: string; }", '"fallback is for routes with an upstream"'), "fallback:"],
    ],
  },
  {
    name: "a typo in what is tried again",
    config: route('path: "/a", upstream: "users", retry: { on: ["reset", "conect-error"] }'),
    errors: [[wrong('"conect-error"', "OutcomeMatch", '"connect-error"'), '"conect-error"']],
  },
  {
    name: "a retry that is true",
    config: route('path: "/a", upstream: "users", retry: true'),
    errors: [[wrong("true", "false | Retry | undefined"), "retry:"]],
  },
  {
    name: "an unknown key of a route's retry",
    config: route('path: "/a", upstream: "users", retry: { atempts: 3 }'),
    errors: [[unknownKey("atempts", "Retry", "attempts"), "atempts:"]],
  },
  {
    name: "a hedge after no time",
    config: route('path: "/a", upstream: "users", hedge: { after: "95%" }'),
    errors: [[wrong('"95%"', `${DURATION} | \`p\${number}\``), "after:"]],
  },
  {
    name: "a time-out that cannot be switched off",
    config: route('path: "/a", upstream: "users", timeouts: { head: false }'),
    errors: [[wrong("false", `${DURATION} | undefined`), "head:"]],
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
    name: "what becomes of an upstream's request, without upstream",
    config: route('path: "/a", respond: {}, onClientAbort: "finish"'),
    errors: [[wrong('"finish"', '"onClientAbort is for routes with an upstream"'), "onClientAbort:"]],
  },
  {
    name: "an unknown end of a request whose client went away",
    config: route('path: "/a", upstream: "users", onClientAbort: "finnish"'),
    errors: [[wrong('"finnish"', '"cancel" | "finish" | undefined', '"finish"'), "onClientAbort:"]],
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
