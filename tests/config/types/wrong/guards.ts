/** Guards that cannot be what they say. @module */

import { route, unknownKey, wrong, type WrongConfig } from "./wrong_config.ts";

/** A route whose chain this is. */
function guarded(policies: string): string {
  return 'import { cors, csrf, guard, securityHeaders } from "gatewright"; void [cors, csrf, guard, securityHeaders]; ' +
    route(`path: "/users/:id", upstream: "users", policies: [${policies}]`);
}

const ORIGINS = '"*" | OriginFunction | OriginRule | readonly OriginRule[] | readonly ["*"]';

/** Guards that cannot be what they say. */
export const GUARD: readonly WrongConfig[] = [
  {
    name: "credentials for pages of every origin",
    config: guarded('cors({ origins: "*", credentials: true })'),
    errors: [[
      "Argument of type '{ origins: \"*\"; credentials: true; }' is not assignable to parameter of type 'CorsOptions'.",
      "{ origins:",
    ]],
  },
  {
    name: "every response field, for pages with credentials",
    config: guarded('cors({ origins: "https://app.example.com", credentials: true, expose: "*" })'),
    errors: [[wrong("string", '"*" | readonly string[] | undefined'), "expose:"]],
  },
  {
    name: "an origin without a scheme",
    config: guarded('cors({ origins: "app.example.com" })'),
    errors: [[wrong('"app.example.com"', ORIGINS), "origins:"]],
  },
  {
    name: "a trusted origin that is every origin",
    config: guarded('csrf({ origins: "*" })'),
    errors: [[wrong('"*"', "OriginFunction | OriginRule | readonly OriginRule[] | undefined"), "origins:"]],
  },
  {
    name: "an option of cors that is none",
    config: guarded('cors({ origins: "https://app.example.com", orgins: 1 })'),
    errors: [[unknownKey("orgins", "CorsOptions", "origins"), "orgins:"]],
  },
  {
    name: "a directive that is none",
    config: guarded('securityHeaders({ contentSecurityPolicy: { "default-srcs": "\'self\'" } })'),
    errors: [[unknownKey('"default-srcs"', "CspDirectives"), '"default-srcs"']],
  },
  {
    name: "a guard that needs what nothing before it provides",
    config: guarded('guard({ needs: ["jwt:tier"], check: (ctx) => ctx.identity?.claims?.tier === "pro" })'),
    errors: [[
      wrong('Policy<"guard", "jwt:tier", never>', '"guard reads jwt:tier, but no jwt() that provides it comes before"'),
      "guard({",
    ]],
  },
  {
    name: "a guard whose function gives no verdict",
    config: guarded("guard({ check: () => 1 })"),
    seenBy: "compiler",
    errors: [[wrong("number", "MaybePromise<GuardVerdict>"), "1"]],
  },
];
