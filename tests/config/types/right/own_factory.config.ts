import { defineGateway, definePolicy, type Key, type Policy } from "gatewright";
import type { FactsOf } from "../../../../src/core/facts.ts";

const member = definePolicy({ name: "member", gives: ["consumer"], handle: (_ctx, next) => next() });

/** What every factory with a key looks like. Without a key, the chain around the call must not be taken for it. */
function counted<const K extends Key = "ip">(
  options: { readonly key?: K; readonly per?: string },
): Policy<"counted", FactsOf<K>, never> {
  return Object.freeze({ kind: "counted", options });
}

export default defineGateway({
  routes: [
    { path: "/a", upstream: "http://a", policies: [counted({ per: "1m" }), counted({})] },
    {
      path: "/b/:id",
      upstream: "http://a",
      policies: [counted({ key: "param:id" }), member, counted({ key: "consumer" })],
    },
  ],
});
