/** Paths, and what does not fit them: parameters, rewrites, prefixes. @module */

import { route, wrong, type WrongConfig } from "./wrong_config.ts";

/** Paths, and what does not fit them: parameters, rewrites, prefixes. */
export const PATH: readonly WrongConfig[] = [
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
