import { strict as assert } from "node:assert";
import { cache } from "gatewright";
import { validateConfig } from "../../../src/config/validate.ts";

const split = (...when: readonly (string | undefined)[]) => ({
  to: [
    { upstream: "http://192.0.2.1", weight: 1 },
    ...when.map((when) => ({ upstream: "http://192.0.2.2", weight: 1, when })),
  ],
});
const canary = { path: "/a", split: split("header:X-Canary=1", "header:x-canary") };
const redirect = (to: string) => ({ path: "/a/:id", redirect: { to } });

const mixed = (target: string, key: string) =>
  `${target} goes by ${key}, and cache before it does not: what one client is answered others get | vary with "${key}"`;

const ROWS: readonly (readonly [what: string, config: object, expected: readonly string[]])[] = [
  ["a branch that a header forces", { routes: [{ ...canary, policies: [cache()] }] }, [
    `routes[0].policies[0]: ${mixed("split", "header:x-canary")}`,
  ]],
  ["a branch that a header forces, told apart", {
    routes: [
      { ...canary, policies: [cache({ vary: "header:X-Canary" })] },
      { ...canary, path: "/b", policies: [cache({ key: { headers: ["X-Canary"] } })] },
    ],
  }, []],
  ["a branch that a header forces, and a function of which nobody knows", {
    routes: [{ ...canary, policies: [cache({ vary: () => "" })] }],
  }, []],
  ["a branch that chance takes", { routes: [{ path: "/a", split: split(undefined), policies: [cache()] }] }, []],
  ["branches behind a cache for all, told once", {
    policies: [cache()],
    routes: [canary, { ...canary, path: "/b" }],
  }, [`policies[0]: ${mixed("split", "header:x-canary")}`]],
  ["branches without a cache", { routes: [canary] }, []],
  ["a redirect by its URL", { routes: [{ ...redirect("/b/{param:id}?{query:q}"), policies: [cache()] }] }, []],
  ["a redirect by a cookie", { routes: [{ ...redirect("/b/{cookie:lang}"), policies: [cache({ vary: "ip" })] }] }, [
    `routes[0].policies[0]: ${mixed("redirect", "cookie:lang")}`,
  ]],
  ["a redirect by a cookie, told apart", {
    routes: [{ ...redirect("/b/{cookie:lang}"), policies: [cache({ key: { cookies: ["lang"] } })] }],
  }, []],
];
for (const [what, config, expected] of ROWS) {
  Deno.test(`what was answered once, and ${what}`, () => {
    const warnings = validateConfig(config).issues.filter(({ message }) => message.includes("goes by"));
    assert.ok(warnings.every(({ severity }) => severity === "warning"));
    assert.deepEqual(warnings.map(({ path, message, remedy }) => `${path}: ${message} | ${remedy}`), expected);
  });
}
