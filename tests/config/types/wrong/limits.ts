/** Rate limits that cannot be what they say. @module */

import { DURATION, route, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** A route whose chain this is. */
function limited(policies: string): string {
  return route(`path: "/users/:id", upstream: "users", policies: [${policies}]`);
}

/** The type of a limit's options. */
const OPTIONS = 'RateLimitOptions<"ip", never, never, never>';

/** Rate limits that cannot be what they say. */
export const LIMIT: readonly WrongConfig[] = [
  {
    name: "a limit by a parameter that the path has not",
    config: limited('rateLimit({ limit: 1, per: "1s", key: "param:idd" })'),
    errors: [[
      wrong('Policy<"rateLimit", "param:idd", never>', '"rateLimit reads param:idd, but the path has no :idd"'),
      "rateLimit({",
    ]],
  },
  {
    name: "a limit by a claim, before its provider",
    config: limited('rateLimit({ limit: 1, per: "1s", key: ["jwt:sub", "ip"] }), auth'),
    errors: [[
      wrong(
        'Policy<"rateLimit", "jwt:sub", never>',
        '"rateLimit reads jwt:sub, but no jwt() that provides it comes before"',
      ),
      "rateLimit({",
    ]],
  },
  {
    name: "a limit, one of several, whose tiers go by a claim that nothing provides",
    config: limited('rateLimit({ limits: [{ limit: { by: "jwt:tier", is: { pro: 9 } }, per: "1s" }] })'),
    errors: [[
      wrong(
        'Policy<"rateLimit", "jwt:tier", never>',
        '"rateLimit reads jwt:tier, but no jwt() that provides it comes before"',
      ),
      "rateLimit({",
    ]],
  },
  {
    name: "requests that are exempt by what nothing provides",
    config: limited('rateLimit({ limit: 1, per: "1s", exempt: { consumer: ["batch"] } })'),
    errors: [[
      wrong(
        'Policy<"rateLimit", "consumer", never>',
        '"rateLimit reads consumer, but no policy before it provides that"',
      ),
      "rateLimit({",
    ]],
  },
  {
    name: "a limit by what is no key",
    config: limited('rateLimit({ limit: 1, per: "1s", key: "heder:x" })'),
    errors: [[wrong('"heder:x"', "KeySpec<Key | KeyFunction> | undefined"), "key:"]],
  },
  {
    name: "a limit with an unknown option",
    config: limited('rateLimit({ limit: 1, per: "1s", brust: 20 })'),
    errors: [[unknownKey("brust", OPTIONS), "brust:"]],
  },
  {
    name: "a limit in a number of seconds",
    config: limited("rateLimit({ limit: 1, per: 60 })"),
    errors: [[wrong("number", DURATION), "per:"]],
  },
  {
    name: "a leaky bucket that does not say how long it may hold a request",
    config: limited('rateLimit({ algorithm: "leaky-bucket", limit: 1, per: "1s" })'),
    errors: [[
      'Argument of type \'{ algorithm: "leaky-bucket"; limit: number; per: "1s"; }\' is not assignable to parameter of ' +
      `type '${OPTIONS}'.`,
      "{ algorithm",
    ]],
  },
  {
    name: "a window with a burst",
    config: limited('rateLimit({ algorithm: "fixed-window", limit: 1, per: "1s", burst: 4 })'),
    errors: [[
      'Argument of type \'{ algorithm: "fixed-window"; limit: number; per: "1s"; burst: number; }\' is not assignable ' +
      `to parameter of type '${OPTIONS}'.`,
      "{ algorithm",
    ]],
  },
  {
    name: "a limit with an algorithm that there is not",
    config: limited('rateLimit({ limit: 1, per: "1s", algorithm: "tokenbucket" })'),
    errors: [[wrong('"tokenbucket"', '"token-bucket"'), "algorithm:"]],
  },
];
