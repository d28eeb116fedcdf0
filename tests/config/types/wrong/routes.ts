/** What else a route can have wrong. @module */

import { gateway, HTTP, route, TENANT_KEY, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** What else a route can have wrong. */
export const ROUTE: readonly WrongConfig[] = [
  {
    name: "a typo in a route's key",
    config: route('path: "/a", upstream: "users", timeout: { head: "1s" }'),
    errors: [[
      unknownKey(
        "timeout",
        'Route<"/a", { readonly path: "/a"; readonly upstream: "users"; readonly timeout: { readonly head: "1s"; }; }, ' +
          '"users" | "files", ConfigFacts<"users" | "files", never>>',
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
          '}, "users" | "files", ConfigFacts<"users" | "files", never>>',
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
          '"users" | "files", ConfigFacts<"users" | "files", never>>',
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
        'Route<"/c/:id", { readonly path: "/c/:id"; readonly upstream: "files"; readonly rewrite: "/c/:idd"; }, "users" | "files", ConfigFacts<"users" | "files", never>>',
      ),
      '{ path: "/d"',
    ]],
  },
];
