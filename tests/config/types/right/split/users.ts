import { definePolicy, headers, routes } from "gatewright";
import { base, member } from "./base.ts";

const audit = definePolicy({
  name: "audit",
  needs: ["jwt:sub", "param:id"],
  async handle(ctx, next) {
    const reply = await next();
    ctx.log.info("user", { id: ctx.params.id, by: String(ctx.identity?.claims?.sub), status: reply.status });
    return reply;
  },
});

export const userRoutes = routes(base, [
  {
    path: "/api/users/:id",
    methods: ["GET"],
    upstream: "users",
    rewrite: "/users/:id",
    policies: [member, audit, headers({ request: { set: { "x-user": "{jwt:sub}" } } })],
  },
  {
    path: "/api/users/{id}",
    methods: ["PUT", "PATCH", "DELETE"],
    upstream: "users",
    rewrite: "/users/{id}",
    policies: [member],
    timeouts: { head: "10s" },
  },
]);
