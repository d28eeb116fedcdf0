/** Consumers beside a base: it has no consumers of its own, and theirs know its stores and upstreams. */

import { apiKey, defineBase, defineGateway, headers, memory, rateLimit } from "gatewright";

const base = defineBase({
  upstreams: { users: "http://127.0.0.1:9001" },
  stores: { limits: memory() },
  policies: [apiKey()],
});
const perConsumer = rateLimit({ limit: 100, per: "1m", key: "consumer", store: "limits" });

export default defineGateway({
  ...base,
  consumers: {
    acme: {
      groups: ["gold"],
      keys: [`sha256:${"a".repeat(64)}`],
      subjects: ["acme", { issuer: "https://id.example", subject: "1" }],
      users: { acme: "$2b$10$…" },
      certificates: [{ subject: "CN=acme" }, { altName: "acme.test" }],
      policies: [perConsumer, headers({ request: { set: { "x-consumer": "{consumer}" } } })],
    },
    globex: { keys: [`sha256:${"b".repeat(64)}`] },
  },
  routes: [{ path: "/users/:id", upstream: "users", policies: [perConsumer] }],
});
