import { strict as assert } from "node:assert";
import { formOf } from "../../../src/policies/validate/schema_types.ts";

Deno.test("a form is gathered through references and combinations", () => {
  const root = {
    allOf: [{ $ref: "#/$defs/a~1b%25" }],
    anyOf: [{ required: ["y"] }, { additionalProperties: { type: "integer" } }],
    $defs: { "a/b%": { type: "object", properties: { x: { type: "number" } } } },
  };
  const { types, properties, required, additional } = formOf(root, root);
  assert.deepEqual([...types], ["object"]);
  assert.deepEqual([...properties], [["x", { type: "number" }]]);
  assert.deepEqual([[...required], additional], [["y"], { type: "integer" }]);
  assert.deepEqual([...formOf({ enum: [1, null] }, {}).types], ["number", "null"]);
  assert.deepEqual([...formOf({ $ref: "#/%zz" }, {}).types], []);
});

Deno.test("each schema is looked at once, however many references lead to it", () => {
  let looks = 0;
  const root = {
    $defs: {
      a: {
        anyOf: Array.from({ length: 5 }, () => ({ $ref: "#/$defs/a" })),
        get type() {
          looks++;
          return "string";
        },
      },
    },
  };
  assert.deepEqual([...formOf({ $ref: "#/$defs/a" }, root).types], ["string"]);
  assert.equal(looks, 1);
});
