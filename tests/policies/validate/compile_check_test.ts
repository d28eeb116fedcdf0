import { strict as assert } from "node:assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { CheckCompiler } from "../../../src/policies/validate/compile_check.ts";
import { type JsonSchema, SchemaFault } from "../../../src/policies/validate/json_schema.ts";

const leaf: fc.Arbitrary<JsonSchema> = fc.constantFrom<JsonSchema>(
  true,
  false,
  { type: "string", minLength: 2 },
  { type: "integer", maximum: 3 },
  { type: ["number", "null"] },
  { const: "a" },
  { enum: [1, "a", null] },
);

/** Schemas of some depth. */
const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ type: fc.constant("array"), items: tie("schema"), maxItems: fc.constant(3) }),
    fc.record({
      type: fc.constant("object"),
      properties: fc.record({ a: tie("schema"), b: tie("schema") }),
      required: fc.constant(["a"]),
    }),
    fc.record({ properties: fc.record({ a: tie("schema") }), additionalProperties: fc.boolean() }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ not: tie("schema") }),
    fc.record({ if: tie("schema"), then: tie("schema") }),
  ),
}));

const value = fc.jsonValue({ maxDepth: 3 });

Deno.test("a value passes exactly if the schema compiler says so", () => {
  fc.assert(
    fc.property(
      schema,
      fc.array(fc.oneof(value, fc.record({ a: value, b: value }, { requiredKeys: [] })), { maxLength: 5 }),
      (schema, values) => {
        const check = new CheckCompiler("2020-12").compile(schema),
          ajv = new Ajv2020({ strict: false, ownProperties: true }).compile(schema);
        for (const value of values) {
          assert.equal(check(value, false).length === 0, ajv(value));
          assert.equal(check(value, true).length === 0, ajv(value));
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("schemas with one $id can be compiled side by side", () => {
  const compiler = new CheckCompiler("2020-12");
  const checks = ["string", "number"].map((type) => compiler.compile({ $id: "https://a.test/b", type }));
  assert.deepEqual(checks.map((check) => check("a", true).length), [0, 1]);
});

Deno.test("numbers that JSON does not have are none", () => {
  assert.equal(new CheckCompiler("2020-12").compile({ type: "number" })(JSON.parse("1e400"), false).length, 1);
});

Deno.test("a schema may be that of its own parts", () => {
  const trees: JsonSchema[] = [
    { type: "object", properties: { child: { $ref: "#" } } },
    { $ref: "#/$defs/tree", $defs: { tree: { type: "object", properties: { child: { $ref: "#/$defs/tree" } } } } },
    {
      $ref: "#tree",
      $defs: { tree: { $anchor: "tree", type: "object", additionalProperties: { $ref: "#tree" } } },
    },
  ];
  for (const schema of trees) {
    const check = new CheckCompiler("2020-12").compile(schema);
    assert.deepEqual(check({ child: { child: {} } }, true), []);
    assert.equal(check({ child: { child: 1 } }, false)[0].pointer, "/child/child");
  }
});

Deno.test("a schema that is made of itself is refused with its place: its check would never end", () => {
  const rows: [schema: JsonSchema, place: string][] = [
    [{ $ref: "#" }, ""],
    [{ properties: { a: { $ref: "#/$defs/b" } }, $defs: { b: { allOf: [{ $ref: "#/$defs/b" }] } } }, "properties.a"],
    [{ $defs: { a: { if: { required: ["x"] }, then: { $ref: "#/$defs/a" } } } }, "$defs.a"],
    [{ items: { $anchor: "a", not: { oneOf: [true, { $ref: "#a" }] } } }, "items"],
    [{ properties: { a: { $dynamicRef: "#nowhere" } }, allOf: [{ $dynamicRef: "#nowhere" }] }, ""],
  ];
  for (const [schema, place] of rows) {
    assert.throws(
      () => new CheckCompiler("2020-12").compile(schema),
      (error) =>
        error instanceof SchemaFault && /made of itself/.test(error.message) && error.place.join(".") === place,
      JSON.stringify(schema),
    );
  }
});

Deno.test("what stands in values that a schema names is no schema", () => {
  const schema = {
    default: { pattern: "(", $async: true },
    properties: { pattern: { const: { pattern: "[" } }, a: { enum: [{ format: "none" }] } },
  };
  assert.equal(new CheckCompiler("2020-12").compile(schema)({ pattern: { pattern: "[" } }, true).length, 0);
});
