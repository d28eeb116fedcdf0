/** Caches that cannot be what they say. @module */

import { DURATION, gateway, route, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

const IMPORTS = `import { allow, basicAuth, cache, memory, optional } from "gatewright"; ` +
  `void [allow, basicAuth, cache, memory, optional]; `;

/** A route whose chain this is. */
function cached(policies: string): string {
  return IMPORTS + route(`path: "/users/:id", upstream: "users", policies: [${policies}]`);
}

/** The type of a cache's options. */
const OPTIONS = "CacheOptions<CacheVary, never>";

/** Caches that cannot be what they say. */
export const CACHING: readonly WrongConfig[] = [
  {
    name: "a cache by identity where nobody asks who it is",
    config: cached('cache({ vary: "identity" })'),
    errors: [[
      wrong('Policy<"cache", "identity?", never>', '"cache reads identity, but no policy before it asks for that"'),
      "cache({",
    ]],
  },
  {
    name: "a cache by identity before the policy that asks who it is",
    config: cached('cache({ vary: ["ip", "identity"] }), optional(basicAuth())'),
    errors: [[
      wrong('Policy<"cache", "identity?", never>', '"cache reads identity, but no policy before it asks for that"'),
      "cache({",
    ]],
  },
  {
    name: "a cache by a claim that nothing provides",
    config: cached('cache({ vary: ["header:x-a", "jwt:sub"] })'),
    errors: [[
      wrong('Policy<"cache", "jwt:sub", never>', '"cache reads jwt:sub, but no jwt() that provides it comes before"'),
      "cache({",
    ]],
  },
  {
    name: "a cache by a parameter that the path has not",
    config: cached('cache({ vary: "param:idd" })'),
    errors: [[
      wrong('Policy<"cache", "param:idd", never>', '"cache reads param:idd, but the path has no :idd"'),
      "cache({",
    ]],
  },
  {
    name: "a cache whose store is not there",
    config: IMPORTS + gateway(
      'stores: { redis: memory() }, routes: [{ path: "/a", upstream: "users", policies: [cache({ store: "reddis" })] }]',
    ),
    errors: [[
      wrong(
        'Policy<"cache", "store:reddis", never>',
        '"cache uses store \\"reddis\\", but stores has none of this name"',
      ),
      "cache({",
    ]],
  },
  {
    name: "a cache with an unknown option",
    config: cached('cache({ forceTTL: "60s" })'),
    errors: [[unknownKey("forceTTL", OPTIONS, "forceTtl"), "forceTTL:"]],
  },
  {
    name: "a cache for a number of seconds",
    config: cached("cache({ forceTtl: 60 })"),
    errors: [[wrong("number", `${DURATION} | undefined`), "forceTtl:"]],
  },
  {
    name: "a cache by a field of a form",
    config: cached('cache({ vary: "form:a" })'),
    errors: [[wrong('"form:a"', "CacheVary | undefined"), "vary:"]],
  },
  {
    name: "a cache that says of its answers that they are not for everybody",
    config: cached("cache({ shared: false })"),
    errors: [[wrong("false", "true"), "shared:"]],
  },
];
