/** Stores by name, those that only the run shows, and functions to hash by. */

import { defineBase, defineGateway, routes } from "gatewright";
import type { StoreConfig } from "../../../../src/core/store.ts";
import { memory } from "../../../../src/state/memory.ts";
import { redis } from "../../../../src/state/redis.ts";
import { counted } from "../../golden/good/parts/counted.ts";

const url = Deno.env.get("REDIS_URL") ?? "redis://127.0.0.1:6379";
const some: { readonly [name: string]: StoreConfig } = { a: memory() };
const base = defineBase({ stores: { limits: redis({ url }) }, policies: [counted({ store: "limits" }), counted({})] });
const more = routes(base, [{ path: "/more", respond: {}, policies: [counted({ store: "limits" })] }]);
const alone = routes(defineBase({}), [{ path: "/alone", respond: {}, policies: [counted({ store: "default" })] }]);

export default defineGateway({
  ...base,
  upstreams: {
    users: {
      endpoints: ["http://127.0.0.1:9001", "http://127.0.0.1:9002"],
      balance: "hash",
      hashBy: (ctx) => ctx.header("x-user")?.toLowerCase(),
    },
    files: { endpoints: ["http://127.0.0.1:9003"], balance: "hash", hashBy: ["cookie:id", "ip/24/56"] },
  },
  stores: { ...base.stores, near: memory() },
  policies: [...base.policies, counted({ store: "near" })],
  include: [more, alone],
  routes: [{ path: "/a", upstream: "users", policies: [counted({ store: "near" }), counted({ store: "limits" })] }],
});

export const whole = defineGateway({ ...base, include: [more], routes: [] });

export const unknown = defineGateway({
  stores: some,
  routes: [{ path: "/", respond: {}, policies: [counted({ store: "a" })] }],
});
