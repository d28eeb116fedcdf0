import { defineGateway, headers } from "gatewright";
import { memory } from "../../../../src/state/memory.ts";
import { redis } from "../../../../src/state/redis.ts";
import { counted } from "../good/parts/counted.ts";

const stores = {
  called: memory,
  policy: headers({}),
  plain: { kind: "memory", options: {} },
  url: redis({ url: "localhost" as never }),
  ["__proto__"]: memory(),
};

export default defineGateway({
  stores: stores as never,
  routes: [{ path: "/a", respond: {}, policies: [counted({ withoutLua: ["mine"] }), counted({ store: "nowhere" } as never)] }],
});
