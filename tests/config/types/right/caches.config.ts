/** Caches, by whom their answers are for. @module */

import {
  allow,
  anyOf,
  basicAuth,
  cache,
  defineGateway,
  ipFilter,
  jwt,
  memory,
  mtls,
  optional,
  secret,
} from "gatewright";

const token = jwt({ issuer: "https://id.example", audience: "api", secret: secret.env("JWT_SECRET") });

export default defineGateway({
  upstreams: { app: "http://127.0.0.1:9" },
  stores: { here: memory() },
  policies: [ipFilter({ deny: ["192.0.2.0/24"] })],
  routes: [
    { path: "/a", upstream: "app", policies: [cache({ forceTtl: "60s", maxEntries: 1000 })] },
    { path: "/b", upstream: "app", policies: [cache()] },
    {
      path: "/c/:id",
      upstream: "app",
      policies: [cache({ vary: ["param:id", "ip", (ctx) => ctx.query], key: { path: false } })],
    },
    { path: "/d", upstream: "app", policies: [optional(basicAuth()), cache({ vary: "identity", defaultTtl: "5s" })] },
    {
      path: "/e",
      upstream: "app",
      policies: [token, allow({ groups: "staff" }), cache({ vary: ["jwt:sub", "jwt:tier"] })],
    },
    { path: "/f", upstream: "app", policies: [anyOf([basicAuth(), optional(mtls())]), cache({ vary: "identity" })] },
    { path: "/g", upstream: "app", policies: [token, cache({ shared: true, bypass: (ctx) => ctx.method === "HEAD" })] },
    {
      path: "/h",
      upstream: "app",
      policies: [token, cache({ vary: "consumer", noStore: (_ctx, reply) => reply.status === 404 })],
    },
  ],
});
