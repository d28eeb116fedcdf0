/** Tokens that cannot be checked as they are meant to be, and claims that nothing makes sure of. @module */

import { route, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** A route whose chain this is. */
function chain(policies: string): string {
  return `import { jwt } from "gatewright"; ${route(`path: "/a", upstream: "users", policies: [${policies}]`)}`;
}

const FROM = 'audience: "api", jwks: "https://id.example/keys"';
const MEMBER = '{ sub: string; tier: "free" | "pro"; }';
/** The rules that make sure of that member's claims. */
const RULES = '{ readonly sub: "string" | readonly string[]; readonly tier: readonly ("free" | "pro")[]; }';

/** `jwt()` as it cannot be. */
export const TOKEN: readonly WrongConfig[] = [
  {
    name: "tokens for nobody in particular",
    config: chain('jwt({ jwks: "https://id.example/keys" })'),
    errors: [[
      "Argument of type '{ jwks: \"https://id.example/keys\"; }' is not assignable to parameter of type " +
      "'JwtOptions<AnyClaims, any>'.",
      "{ jwks",
    ]],
  },
  {
    name: "tokens that nobody has signed",
    config: chain(`jwt({ ${FROM}, algorithms: "none" })`),
    errors: [[wrong('"none"', "JwtAlgorithm | readonly JwtAlgorithm[] | undefined"), "algorithms:"]],
  },
  {
    name: "a secret in the config itself",
    config: chain('jwt({ audience: "api", secret: "secret" })'),
    errors: [[wrong("string", "Secret | readonly Secret[] | undefined"), "secret:"]],
  },
  {
    name: "tokens with an unknown option",
    config: chain(`jwt({ ${FROM}, isuer: "https://id.example" })`),
    errors: [[unknownKey("isuer", "JwtOptions<AnyClaims, any>", "issuer"), "isuer:"]],
  },
  {
    name: "keys over an upstream that there is not",
    config: chain('jwt({ audience: "api", jwks: { upstream: "id", path: "/keys" } })'),
    errors: [[
      wrong(
        'Policy<"jwt", "upstream:id", `jwt:${string}` | IdentityFact>',
        '"jwt calls upstream \\"id\\", but upstreams has none of this name"',
      ),
      "jwt({",
    ]],
  },
  {
    name: "a limit by a claim that the tokens need not have",
    config: chain(
      `jwt<{ sub: string }>({ ${FROM}, require: { sub: "string" } }), ` +
        'rateLimit({ limit: 1, per: "1s", key: "jwt:tier" })',
    ),
    seenBy: "compiler",
    errors: [[
      wrong(
        'Policy<"rateLimit", "jwt:tier", never>',
        '"rateLimit reads jwt:tier, but no jwt() that provides it comes before"',
      ),
      "rateLimit({",
    ]],
  },
  {
    name: "claims of a type that nothing makes sure of",
    config: chain(`jwt<${MEMBER}>({ ${FROM} })`),
    seenBy: "compiler",
    errors: [[
      "Argument of type '{ audience: string; jwks: \"https://id.example/keys\"; }' is not assignable to parameter of type " +
      `'JwtOptions<${MEMBER}, any> & { readonly require: ${RULES}; }'.`,
      "{ audience",
    ]],
  },
  {
    name: "claims of a type of which one is not looked at",
    config: chain(`jwt<${MEMBER}>({ ${FROM}, require: { sub: "string" } })`),
    seenBy: "compiler",
    errors: [[
      `Property 'tier' is missing in type '{ sub: "string"; }' but required in type '${RULES}'.`,
      "require:",
    ]],
  },
  {
    name: "a rule that makes sure of none of a claim's types",
    config: chain(`jwt<{ sub: string | number }>({ ${FROM}, require: { sub: "boolean" } })`),
    seenBy: "compiler",
    errors: [[wrong('"boolean"', '"string" | "number" | readonly string[] | readonly number[]'), "sub:"]],
  },
  {
    name: "a value that the type of a claim does not know",
    config: chain(`jwt<${MEMBER}>({ ${FROM}, require: { sub: "string", tier: ["free", "gold"] } })`),
    seenBy: "compiler",
    errors: [[wrong('"gold"', '"free" | "pro"'), '"gold"']],
  },
];
