import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { traitPolicy } from "../../support/trait_policy.ts";

const outside = traitPolicy("outside", { outsideIdentity: true });
const ident = traitPolicy("ident", { identity: "required" });
const maybe = traitPolicy("maybe", { identity: "optional" });
const plain = traitPolicy("plain", {});

const route = (policies: readonly unknown[], more: object = {}) => ({ path: "/a", respond: {}, policies, ...more });
const BEHIND = (guard: string) =>
  `outside stands behind ${guard}, so that it does nothing for requests that ${guard} refuses`;
const PUBLIC = "the route says that it is public, and ident lets nobody pass without a credential";

const ROWS: readonly (readonly [what: string, config: object, expected: readonly string[]])[] = [
  ["before an identity policy", { routes: [route([outside, plain, ident])] }, []],
  ["behind one", { routes: [route([plain, ident, outside])] }, [`routes[0].policies[2]: ${BEHIND("ident")}`]],
  ["behind an optional one", { routes: [route([maybe, outside])] }, [`routes[0].policies[1]: ${BEHIND("maybe")}`]],
  ["behind a global one", { policies: [ident], routes: [route([outside])] }, [
    `routes[0].policies[0]: ${BEHIND("ident")}`,
  ]],
  ["among the global ones", { policies: [ident, outside], routes: [route([])] }, [`policies[1]: ${BEHIND("ident")}`]],
  ["on another route than the identity policy", { routes: [route([ident]), route([outside], { path: "/b" })] }, []],
  ["a public route that asks nobody", { routes: [route([outside, plain], { public: true })] }, []],
  ["a public route that may be told", { routes: [route([maybe], { public: true })] }, []],
  ["a public route that asks", { routes: [route([ident], { public: true })] }, [`routes[0].public: ${PUBLIC}`]],
  ["a public route that asks behind a policy that may be told", {
    policies: [maybe],
    routes: [route([plain, ident], { public: true })],
  }, [`routes[0].public: ${PUBLIC}`]],
  ["a public route behind a global identity policy", { policies: [ident], routes: [route([], { public: true })] }, [
    `routes[0].public: ${PUBLIC}`,
  ]],
];

for (const [what, config, expected] of ROWS) {
  Deno.test(`the order of policies: ${what}`, () => {
    const { issues } = validateConfig(config);
    assert.deepEqual(issues.map(({ path, message }) => `${path}: ${message}`), expected);
  });
}
