import {
  anyOf,
  defineGateway,
  forwardAuth,
  type ForwardAuthOptions,
  headers,
  hmac,
  type HmacOptions,
  introspect,
  type IntrospectOptions,
  jwt,
  optional,
  rateLimit,
  secret,
} from "gatewright";

/** Known at run time only. */
const asked: IntrospectOptions = {
  endpoint: "https://id.example/introspect",
  clientId: "gateway",
  clientSecret: secret.env("INTROSPECTION_SECRET"),
};
const forwarded: ForwardAuthOptions<string, never> = { to: "http://auth.internal/check" };
const signed: HmacOptions = { keys: { a: { secret: secret.env("KEY"), encoding: "base64", consumer: "acme" } } };

export default defineGateway({
  upstreams: { users: "http://10.0.0.1", id: "https://id.internal" },
  routes: [
    {
      path: "/a",
      upstream: "users",
      policies: [
        introspect({
          endpoint: { upstream: "id", path: "/introspect" },
          clientId: "gateway",
          clientSecret: secret.env("INTROSPECTION_SECRET"),
          authentication: "post",
          in: ["header:authorization", "cookie:session"],
          audience: ["orders", "stock"],
          claims: { "x-user-id": "sub", "x-roles": ["realm_access", "roles"] },
          cache: { ttl: "30s", negative: "0s" },
        }),
        rateLimit({ limit: 100, per: "1m", key: ["jwt:sub", "consumer"] }),
        headers({ request: { set: { "x-who": "{identity} {jwt:username}" } } }),
      ],
    },
    {
      path: "/b/:tenant",
      upstream: "users",
      policies: [
        forwardAuth({
          to: { upstream: "id", path: "/check" },
          responseHeaders: ["x-user"],
          identity: { subject: "x-user", groups: "x-groups" },
          cache: { key: ["header:authorization", "param:tenant"], ttl: "10s", everywhere: true },
        }),
        rateLimit({ limit: 100, per: "1m", key: "identity" }),
      ],
    },
    {
      path: "/c",
      upstream: "users",
      policies: [
        jwt({ audience: "api", jwks: "https://id.example/keys" }),
        forwardAuth({ to: "https://auth.example/check", cache: { key: "jwt:sub", ttl: "1s" } }),
        forwardAuth({ to: "https://auth.example/check", cache: { key: (ctx) => ctx.path, ttl: "1s" } }),
      ],
    },
    {
      path: "/d",
      upstream: "users",
      policies: [
        hmac({
          keys: {
            a: { secret: secret.env("KEY") },
            b: { publicKey: secret.file("./b.pem"), algorithm: "ed25519", groups: ["partners"] },
          },
          components: ["@method", "@target-uri", "date", "x-request-id"],
          tag: "orders",
          failures: false,
        }),
        rateLimit({ limit: 100, per: "1m", key: "consumer" }),
      ],
    },
    { path: "/e", upstream: "users", policies: [introspect(asked), forwardAuth(forwarded), hmac(signed)] },
    {
      path: "/f",
      upstream: "users",
      policies: [
        optional(anyOf([hmac(signed), introspect(asked), forwardAuth({ to: { upstream: "id", path: "/check" } })])),
      ],
    },
  ],
});
