/** Policies that stand in the wrong place. @module */

import { gateway, route, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** Policies that stand in the wrong place. */
export const CHAIN: readonly WrongConfig[] = [
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
          '"p reads basic:user, but no policy before it provides that" | "p reads consumer, but no policy before it provides that" | "p reads identity, but no policy before it provides that" | ' +
            "`p reads jwt:${string}, but no jwt() that provides it comes before` | `p reads param:${string}, but the path has no :${string}`",
        ),
        "p]",
      ],
    ],
  },
];
