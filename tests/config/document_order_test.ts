import { strict as assert } from "node:assert";
import fc from "fast-check";
import { documentOrder } from "../../src/config/document_order.ts";
import type { Path } from "../../src/config/finding.ts";
import { headers } from "../../src/policies/shape/headers.ts";
import { redis } from "../../src/state/redis.ts";

Deno.test("documentOrder() sorts every place of a config as a walk meets it", () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.nat(9),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(fc.property(json, fc.func(fc.nat()), (config, shuffle) => {
    const places = [...walk(config)], order = documentOrder(config);
    const mixed = places.toSorted((a, b) => shuffle(JSON.stringify(a)) - shuffle(JSON.stringify(b)));
    assert.deepEqual(mixed.sort(order), places);
  }));
});

Deno.test("documentOrder() looks into a store's options", () => {
  const config = { stores: { a: redis({ prefix: "a:", url: "redis://a", timeout: "5ms" }) } };
  const places: Path[] = ["timeout", "prefix", "url"].map((key) => ["stores", "a", key]);
  assert.deepEqual(places.sort(documentOrder(config)).map((place) => place[2]), ["prefix", "url", "timeout"]);
});

Deno.test("documentOrder() looks into a policy's options, and puts keys that are not there last", () => {
  const config = { policies: [headers({ response: {}, request: {} })], routes: [] };
  const places: Path[] = [["listen"], ["routes"], ["policies", 0, "request"], ["policies", 0, "response"]];
  assert.deepEqual(places.sort(documentOrder(config)), [
    ["policies", 0, "response"],
    ["policies", 0, "request"],
    ["routes"],
    ["listen"],
  ]);
});

function* walk(value: unknown, at: Path = []): Generator<Path> {
  yield at;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* walk(inner, [...at, Array.isArray(value) ? Number(key) : key]);
  }
}
