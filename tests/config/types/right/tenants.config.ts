import { defineGateway, headers } from "gatewright";

const forTenant = (is: string) => ({ key: "header:x-user-id", is }) as const;

export default defineGateway({
  listen: { port: 8080 },
  upstreams: {
    shared: { endpoints: ["http://10.0.0.1:9000", "http://10.0.0.2:9000"], balance: "round-robin" },
    acme: { endpoints: ["http://10.0.1.1:9000"], pool: { max: 200 } },
  },
  routes: [
    { path: "/api/*rest", upstream: "shared", policies: [headers({ request: { remove: ["x-tenant"] } })] },
    {
      path: "/api/*rest",
      tenant: forTenant("acme"),
      upstream: "acme",
      rewrite: "/v2/*rest",
      policies: [headers({ request: { set: { "x-tenant": "acme", "x-path": "{param:rest}" } } })],
      timeouts: { head: "20s" },
    },
    {
      path: "/api/export/:job",
      tenant: forTenant("acme"),
      respond: { status: 403, json: { title: "not in your plan" } },
    },
  ],
});
