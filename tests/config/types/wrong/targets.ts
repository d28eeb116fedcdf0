/** Targets: none, several, or settings that belong to another. @module */

import { route, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** Targets: none, several, or settings that belong to another. */
export const TARGET: readonly WrongConfig[] = [
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
