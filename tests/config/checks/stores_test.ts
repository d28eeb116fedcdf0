import { strict as assert } from "node:assert";
import { z } from "zod";
import { cache } from "gatewright";
import { validateConfig } from "../../../src/config/validate.ts";
import { recordStore, type StoreDefinition, storeDefinitionOf } from "../../../src/core/store.ts";
import { secret } from "../../../src/core/secret.ts";
import { memory } from "../../../src/state/memory.ts";
import { counted } from "../golden/good/parts/counted.ts";

/** A store with a schema that puts its secrets elsewhere. */
const vault: StoreDefinition = {
  kind: "vault",
  schema: z.object({ key: z.unknown(), more: z.unknown().optional() }).transform(({ key, more }) => ({
    keys: [key, (more as unknown[] | undefined)?.[0], secret.file("ca.pem")],
  })),
  describe: () => "vault",
  needsLua: true,
  open: () => assert.fail("check opens nothing"),
};
const inVault = (options: unknown) => recordStore(vault, options);

const messages = (config: object, secrets = {}) =>
  validateConfig({ routes: [{ path: "/a", respond: {} }], ...config }, secrets).issues
    .map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

const store = inVault({ key: 1 }), keeping = recordStore({ ...vault, keepsAnswers: true }, { key: 1 });
const NEEDS_LUA = 'counted counts in store "a", which is vault and needs lua of "mine"';

const RULES: readonly (readonly [what: string, config: object, issues: readonly string[]])[] = [
  ["an algorithm that its store cannot run", {
    stores: { a: store },
    policies: [counted({ store: "a", withoutLua: ["mine"] })],
  }, [`error policies[0]: ${NEEDS_LUA}`]],
  ["an algorithm that the store by default can run", { policies: [counted({ withoutLua: ["mine"] })] }, []],
  ["an algorithm in a store that needs none of them in Lua", {
    stores: { a: memory() },
    policies: [counted({ store: "a", withoutLua: ["mine"] })],
  }, []],
  ["an algorithm in a store whose options are wrong", {
    stores: { a: inVault(5) },
    policies: [counted({ store: "a", withoutLua: ["mine"] })],
  }, ["error stores.a: expected { key, more }", `error policies[0]: ${NEEDS_LUA}`]],
  ["an algorithm in a store that is none", {
    stores: { a: 5 },
    policies: [counted({ store: "a", withoutLua: ["mine"] })],
  }, ["error stores.a: this is not a store"]],
  ["the default store by its name", { policies: [counted({ store: "default" })] }, []],
  ["a default store that policies use without its name", { stores: { default: store }, policies: [counted({})] }, []],
  ["a default store that nobody uses", {
    stores: { default: store, a: store },
    policies: [counted({ store: "a" })],
  }, ["warning stores.default: no policy uses this store"]],
  ["a store that a route uses", {
    stores: { a: store },
    routes: [{ path: "/a", respond: {}, policies: [counted({ store: "a" })] }],
  }, []],
  ["answers in a store that keeps some", { stores: { a: keeping }, policies: [cache({ store: "a" })] }, []],
  ["answers in a store that keeps none", { stores: { a: memory() }, policies: [cache({ store: "a" })] }, [
    'error policies[0].store: cache keeps answers in store "a", which is memory and cannot keep any',
  ]],
  ["a store that no cache uses, as none is named", { stores: { default: keeping }, policies: [cache()] }, [
    "warning stores.default: no policy uses this store",
  ]],
  ["a store as used, perhaps, while a policy cannot be read", { stores: { a: store }, policies: [5] }, [
    "error policies[0]: this is not a policy",
  ]],
  ["a store as used that a slip of the pen meant", {
    stores: { limits: store },
    policies: [counted({ store: "limts" as "limits" })],
  }, [
    'error policies[0].store: counted uses store "limts", but stores has none of this name, ' +
    'did you mean "limits"?',
  ]],
  ["an unknown store of a wrong policy", {
    stores: { a: store },
    policies: [counted({ store: "other", withoutLua: 5 as never })],
  }, [
    'error policies[0].store: counted uses store "other", but stores has none of this name',
    "error policies[0].withoutLua: expected a list",
  ]],
];
for (const [what, config, issues] of RULES) {
  Deno.test(`validateConfig() sees ${what}`, () => assert.deepEqual(messages(config), issues));
}

Deno.test("validateConfig() finds the secrets of a store where they are written", () => {
  const key = secret.env("ONE"), more = [secret.env("TWO")];
  const stores = { a: inVault({ key, more }), b: inVault({ key, more }) };
  const secrets = { secrets: () => ({ error: "it is not there" }) };
  assert.deepEqual(messages({ stores, policies: [counted({ store: "a" }), counted({ store: "b" })] }, secrets), [
    "error stores.a: this file is missing: it is not there",
    "error stores.a.key: this secret is missing: it is not there",
    "error stores.a.more[0]: this secret is missing: it is not there",
  ], "what its schema made is at the store, and each of them is told once");
});

Deno.test("a valid config has its stores with complete options, and the default one in any case", () => {
  const completed: StoreDefinition = { ...vault, kind: "full", schema: z.object({ size: z.number().default(5) }) };
  const stores = (config: object) => validateConfig({ routes: [{ path: "/", respond: {} }], ...config }).config?.stores;
  const plain = (config: object) => JSON.parse(JSON.stringify(stores(config)));
  const standard = { name: "default", store: { kind: "memory", options: {} } };
  const full = { kind: "full", options: { size: 5 } };
  assert.deepEqual(plain({}), [standard]);
  assert.deepEqual(plain({ stores: { a: recordStore(completed, {}) } }), [standard, { name: "a", store: full }]);
  assert.deepEqual(plain({ stores: { a: memory(), default: recordStore(completed, {}) } }), [
    { name: "a", store: { kind: "memory", options: {} } },
    { name: "default", store: full },
  ]);
  assert.equal(storeDefinitionOf(stores({ stores: { a: recordStore(completed, {}) } })?.[1].store), completed);
});
