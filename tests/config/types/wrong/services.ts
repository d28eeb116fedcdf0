/** Credentials that somebody else checks, or that are signatures, as they cannot be. @module */

import { route, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** A route whose chain this is. */
function chain(policies: string): string {
  return `import { forwardAuth, hmac, introspect, secret } from "gatewright"; void [forwardAuth, hmac, introspect, secret]; ${
    route(`path: "/a", upstream: "users", policies: [${policies}]`)
  }`;
}

const CLIENT = 'clientId: "gateway", clientSecret: secret.env("S")';
const KEYS = 'keys: { a: { secret: secret.env("K") } }';

/** `introspect()`, `forwardAuth()` and `hmac()` as they cannot be. */
export const SERVICE: readonly WrongConfig[] = [
  {
    name: "introspection at an upstream that there is not",
    config: chain(`introspect({ endpoint: { upstream: "id", path: "/introspect" }, ${CLIENT} })`),
    errors: [[
      wrong(
        'Policy<"introspect", "upstream:id", `jwt:${string}` | IdentityFact>',
        '"introspect calls upstream \\"id\\", but upstreams has none of this name"',
      ),
      "introspect({",
    ]],
  },
  {
    name: "introspection with the secret in the config itself",
    config: chain('introspect({ endpoint: "https://id.example/", clientId: "gateway", clientSecret: "s3cret" })'),
    errors: [[wrong("string", "Secret"), "clientSecret:"]],
  },
  {
    name: "introspection with an unknown option",
    config: chain(`introspect({ endpoint: "https://id.example/", ${CLIENT}, timout: "1s" })`),
    errors: [[unknownKey("timout", "IntrospectOptions<never>", "timeout"), "timout:"]],
  },
  {
    name: "forward authentication at an upstream that there is not",
    config: chain('forwardAuth({ to: { upstream: "auth", path: "/check" } })'),
    errors: [[
      wrong(
        'Policy<"forwardAuth", "upstream:auth", IdentityFact>',
        '"forwardAuth calls upstream \\"auth\\", but upstreams has none of this name"',
      ),
      "forwardAuth({",
    ]],
  },
  {
    name: "forward authentication cached by a claim that nothing provides",
    config: chain('forwardAuth({ to: "https://auth.example/", cache: { key: "jwt:sub", ttl: "1s" } })'),
    errors: [[
      wrong(
        'Policy<"forwardAuth", "jwt:sub", IdentityFact>',
        '"forwardAuth reads jwt:sub, but no jwt() that provides it comes before"',
      ),
      "forwardAuth({",
    ]],
  },
  {
    name: "a claim of a request that is only signed",
    config: chain(`hmac({ ${KEYS} }), rateLimit({ limit: 1, per: "1s", key: "jwt:sub" })`),
    errors: [[
      wrong(
        'Policy<"rateLimit", "jwt:sub", never>',
        '"rateLimit reads jwt:sub, but no jwt() that provides it comes before"',
      ),
      "rateLimit({",
    ]],
  },
  {
    name: "signatures with an unknown option",
    config: chain(`hmac({ ${KEYS}, windw: "1m" })`),
    errors: [[unknownKey("windw", "HmacOptions", "window"), "windw:"]],
  },
];
