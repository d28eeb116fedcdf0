/** Configs that are split over files. @module */

import { gateway, HTTP, ROUTES, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** Configs that are split over files. */
export const SPLIT: readonly WrongConfig[] = [
  {
    name: "a typo in an upstream's name, in another file",
    config: 'const base = defineBase({ upstreams: { users: "http://a" } }); ' +
      'export default defineGateway({ ...base, include: [routes(base, [{ path: "/a", upstream: "user" }])], ' + ROUTES +
      " });",
    errors: [[wrong('"user"', `${HTTP} | "users" | undefined`, '"users"'), 'upstream: "user"']],
  },
  {
    name: "an unknown key of a base",
    config:
      'export default defineGateway({ ...defineBase({ upstream: { users: "http://a" } }), routes: [{ path: "/", respond: {} }] });',
    errors: [[
      unknownKey("upstream", "BaseConfig<Record<never, never>, readonly [], Record<never, never>>", "upstreams"),
      "upstream:",
    ]],
  },
  {
    name: "a base whose policies are out of order",
    config: "export default defineBase({ policies: [quota, auth] });",
    exports: "base",
    errors: [[
      wrong('Policy<"quota", "jwt:sub", never>', '"quota reads jwt:sub, but no jwt() that provides it comes before"'),
      "quota, auth]",
    ]],
  },
  {
    name: "routes of another base's upstreams",
    config:
      'const bills = routes(defineBase({ upstreams: { billing: "http://c" } }), [{ path: "/b", upstream: "billing" }]); ' +
      gateway(`include: [bills], ${ROUTES}`),
    errors: [[wrong('RouteSet<"billing", never>', '"these routes count on an upstream named billing"'), "bills]"]],
  },
  {
    name: "routes that count on a policy of another base",
    config: 'const base = defineBase({ upstreams: { users: "http://a" }, policies: [auth] }); ' +
      'const mine = routes(base, [{ path: "/me", upstream: "users", policies: [perCustomer] }]); ' +
      "export default defineGateway({ upstreams: base.upstreams, include: [mine], " + ROUTES + " });",
    errors: [[
      wrong(
        'RouteSet<"users", "consumer" | "jwt:sub">',
        '"these routes count on a global policy that provides consumer" | ' +
          '"these routes count on a global policy that provides jwt:sub"',
      ),
      "mine]",
    ]],
  },
  {
    name: "a file's name in include",
    config: gateway(`include: ["./users.ts"], ${ROUTES}`),
    errors: [[wrong('"./users.ts"', '"include takes what routes(base, [...]) returns"'), '"./users.ts"]']],
  },
  {
    name: "a plain list in include",
    config: gateway(`include: [[{ path: "/a", upstream: "users" }]], ${ROUTES}`),
    errors: [[
      wrong("[{ path: string; upstream: string; }]", '"include takes what routes(base, [...]) returns"'),
      "[{ path:",
    ]],
  },
];
