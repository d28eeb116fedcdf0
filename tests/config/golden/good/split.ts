import { defineBase, defineGateway, routes } from "gatewright";

const base = defineBase({ upstreams: { users: "http://127.0.0.1:9001" } });
const more = routes(base, [{ path: "/more/:id", upstream: "users" }]);

export default defineGateway({
  ...base,
  include: [more],
  routes: [
    { path: "/own", upstream: "users" },
    {
      path: "/mine",
      handler: function answer() {
        return new Response("mine");
      },
    },
  ],
});
