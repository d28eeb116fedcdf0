import { defineGateway, headers, jwt, type JwtOptions, rateLimit, secret } from "gatewright";

/** Known at run time only. */
const options: JwtOptions = { audience: "api", secret: secret.env("JWT_SECRET") };

interface Member {
  readonly sub: string;
  readonly tier: "free" | "pro";
  readonly level: number;
  readonly staff: boolean;
  readonly roles: readonly string[];
  readonly address: { readonly city: string };
  readonly any: unknown;
  readonly either: string | readonly string[];
  readonly code: "a" | 1 | null;
  readonly org?: string;
}

export default defineGateway({
  upstreams: { users: "http://10.0.0.1", id: "https://id.internal" },
  policies: [jwt({ audience: "any", jwks: { upstream: "id", path: "/keys" }, issuer: ["https://a", "https://b"] })],
  routes: [
    {
      path: "/a",
      upstream: "users",
      policies: [
        jwt({ issuer: "https://id.example", audience: "api", jwks: "https://id.example/jwks.json" }),
        rateLimit({ limit: 100, per: "1m", key: ["jwt:sub", "ip"] }),
      ],
    },
    {
      path: "/b",
      upstream: "users",
      policies: [
        jwt<Member>({
          issuer: "https://id.example",
          audience: ["api", "web"],
          discovery: { upstream: "id", path: "/.well-known/openid-configuration" },
          in: ["header:authorization", "cookie:session"],
          require: {
            sub: "string",
            tier: ["free", "pro"],
            level: "number",
            staff: "boolean",
            roles: "strings",
            address: "object",
            any: "any",
            either: "strings",
            code: ["a"],
          },
          claims: { "x-user-id": "sub", "x-roles": ["realm_access", "roles"] },
        }),
        headers({ request: { set: { "x-who": "{jwt:sub} {jwt:tier} {jwt:org} {consumer} {identity}" } } }),
      ],
    },
    { path: "/c", upstream: "users", policies: [jwt(options)] },
    {
      path: "/d",
      upstream: "users",
      policies: [
        jwt({
          audience: "any",
          publicKey: { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
        }),
        jwt({ audience: "api", keys: secret.file("./jwks.json"), require: ["sub"], cache: false, failures: false }),
      ],
    },
  ],
});
