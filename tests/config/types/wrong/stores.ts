/** Stores that are not there, and what is no store. @module */

import { gateway, route, ROUTES, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** A store and a policy that counts in one. */
const IMPORTS = `import { memory } from "${import.meta.resolve("../../../../src/state/memory.ts")}"; ` +
  `import { counted } from "${import.meta.resolve("../../golden/good/parts/counted.ts")}"; void [memory, counted]; `;

const policy = (name: string) => `Policy<"counted", "store:${name}", never>`;
const missing = (name: string) => `"counted uses store \\"${name}\\", but stores has none of this name"`;

/** Stores that are not there, and what is no store. */
export const STORE: readonly WrongConfig[] = [
  {
    name: "a policy of a route whose store is not there",
    config: IMPORTS + gateway(
      'stores: { limits: memory() }, routes: [{ path: "/a", upstream: "users", policies: [' +
        'counted({ store: "limits" }), counted({ store: "default" }), counted({ store: "limts" })] }]',
    ),
    errors: [[wrong(policy("limts"), missing("limts")), 'counted({ store: "limts" })']],
  },
  {
    name: "a global policy whose store is not there",
    config: IMPORTS + gateway(`stores: { limits: memory() }, policies: [counted({ store: "limts" })], ${ROUTES}`),
    errors: [[wrong(policy("limts"), missing("limts")), 'counted({ store: "limts" })']],
  },
  {
    name: "a store by its name where there are none",
    config: IMPORTS + route('path: "/a", upstream: "users", policies: [counted({ store: "limits" })]'),
    errors: [[wrong(policy("limits"), missing("limits")), 'counted({ store: "limits" })']],
  },
  {
    name: "a store of another name, in another file",
    config: IMPORTS + "const base = defineBase({ stores: { limits: memory() } }); " +
      'const set = routes(base, [{ path: "/b", respond: {}, policies: [counted({ store: "limts" })] }]); ' +
      "export default defineGateway({ ...base, include: [set], routes: [] });",
    errors: [[wrong(policy("limts"), missing("limts")), 'counted({ store: "limts" })']],
  },
  {
    name: "a global policy of a base whose store is not there",
    config: IMPORTS + 'export default defineBase({ stores: { a: memory() }, policies: [counted({ store: "b" })] });',
    exports: "base",
    errors: [[wrong(policy("b"), missing("b")), 'counted({ store: "b" })']],
  },
  {
    name: "routes of another base's stores",
    config: IMPORTS + "const base = defineBase({ stores: { limits: memory() } }); " +
      'const set = routes(base, [{ path: "/b", respond: {}, policies: [counted({ store: "limits" })] }]); ' +
      gateway(`include: [set], ${ROUTES}`),
    errors: [[wrong('RouteSet<never, "store:limits">', '"these routes count on a store named limits"'), "set]"]],
  },
  {
    name: "a store that was not called",
    config: IMPORTS + gateway(`stores: { limits: memory }, ${ROUTES}`),
    errors: [[wrong(`() => StoreConfig<"memory">`, "StoreConfig<string>"), "memory }"]],
  },
  {
    name: "a store's name in place of the store",
    config: gateway(`stores: { limits: "memory" }, ${ROUTES}`),
    errors: [[wrong("string", "StoreConfig<string>"), "limits:"]],
  },
  {
    name: "an unknown option of a store",
    config: `import { redis } from "${import.meta.resolve("../../../../src/state/redis.ts")}"; ` +
      gateway(`stores: { limits: redis({ url: "redis://a", timeuot: "5ms" }) }, ${ROUTES}`),
    errors: [[unknownKey("timeuot", "RedisServerOptions", "timeout"), "timeuot:"]],
  },
];
