import { defineBase, defineGateway, routes, secret } from "gatewright";
import { memory } from "../../../../src/state/memory.ts";
import { redis } from "../../../../src/state/redis.ts";
import { shared } from "../../../../src/state/shared_memory.ts";
import { counted } from "./parts/counted.ts";

const base = defineBase({
  stores: {
    default: redis({
      url: "redis://10.0.0.5:6379/1",
      username: "gateway",
      password: secret.env("PRESENT"),
      timeout: "25ms",
    }),
    wide: redis({
      cluster: ["rediss://10.0.0.6", "rediss://[::1]:7000"],
      tls: { ca: "ca.pem" },
      lease: { tokens: 10 },
    }),
  },
  policies: [counted({}), counted({ store: "wide" })],
});
const more = routes(base, [{ path: "/b", respond: {}, policies: [counted({ store: "wide" })] }]);

export default defineGateway({
  ...base,
  stores: {
    ...base.stores,
    watched: redis({ sentinels: ["redis://10.0.0.7:26379"], name: "main" }),
    hidden: redis({ url: secret.env("SIGNING") }),
    threads: shared({ maxKeys: 5000 }),
    near: memory(),
  },
  include: [more],
  routes: [{
    path: "/a",
    respond: { body: "hi" },
    policies: [
      counted({ store: "near", withoutLua: ["mine"] }),
      counted({ store: "watched" }),
      counted({ store: "hidden" }),
      counted({ store: "threads" }),
      counted({ store: "default" }),
    ],
  }],
});
