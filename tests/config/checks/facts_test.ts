import { strict as assert } from "node:assert";
import { z } from "zod";
import { validateConfig } from "../../../src/config/validate.ts";
import { type PolicyDefinition, recordPolicy } from "../../../src/core/policy.ts";
import { headers } from "../../../src/policies/shape/headers.ts";

const printed = (path: string, ...policies: unknown[]) =>
  validateConfig({ routes: [{ path, respond: {}, policies }] }).issues.map(({ path, message }) =>
    `${path}: ${message}`
  );

Deno.test("checkFacts() finds unknown parameters beside wrong options", () => {
  const policy = headers({
    request: { set: { a: "{param:idd}", b: "{param:id}", c: "{jwt:sub}" }, remov: [] } as object,
  });
  assert.deepEqual(printed("/:id", policy), [
    "routes[0].policies[0]: headers reads param:idd, but the path has no :idd",
    'routes[0].policies[0].request.remov: unknown key, did you mean "remove"?',
  ], "which other facts there are is not known once a policy cannot be read");
});

Deno.test("checkFacts() judges a wrong policy on each route that it stands on, and reports its options once", () => {
  const policy = headers({ request: { set: { a: "{param:id}" }, remov: [] } as object });
  const routes = ["/:id", "/b"].map((path) => ({ path, respond: {}, policies: [policy] }));
  assert.deepEqual(validateConfig({ routes }).issues.map(({ path }) => path), [
    "routes[0].policies[0].request.remov",
    "routes[1].policies[0]",
  ]);
});

Deno.test("checkFacts() believes of a wrong policy only what is written in it", () => {
  const definition: PolicyDefinition<{ key: string }> = {
    kind: "limit",
    schema: z.strictObject({ key: z.string().max(9, { error: "too long" }).default("param:tenant") }),
    facts: ({ key }) => ({ needs: [key] }),
    build: () => (next) => next,
  };
  const policy = recordPolicy(definition as PolicyDefinition<never> as PolicyDefinition, { key: "request:id" });
  assert.deepEqual(printed("/", policy), ["routes[0].policies[0].key: too long"]);
});
