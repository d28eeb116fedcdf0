import { defineGateway, headers, secret } from "gatewright";
import { base, member } from "./base.ts";
import { userRoutes } from "./users.ts";

export default defineGateway({
  ...base,
  listen: { port: 8080 },
  admin: { port: 9090, token: secret.env("ADMIN_TOKEN") },
  include: [userRoutes],
  routes: [
    { path: "/docs/*page", upstream: "docs", stripPrefix: "/docs" },
    { path: "/partner/*", upstream: "users", policies: [member, headers({ request: { set: { via: "{consumer}" } } })] },
    { path: "/hello/:name", handler: (ctx) => new Response(`hello ${ctx.params.name}`) },
    { path: "/old/:page", redirect: "/docs/{param:page}" },
    { path: "/", redirect: { to: "/docs/", status: 308 } },
  ],
});
