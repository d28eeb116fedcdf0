import { strict as assert } from "node:assert";
import { z } from "zod";
import { functionOption } from "../../src/settings/function_option.ts";

Deno.test("functionOption() takes functions as they are, and nothing else", () => {
  const own = (n: number) => n + 1;
  assert.equal(functionOption<typeof own>().parse(own), own);
  for (const value of ["() => 1", {}, null, 1]) {
    assert.deepEqual(functionOption().safeParse(value).error?.issues.map(({ message }) => message), [
      "expected a function",
    ]);
  }
  const named = functionOption({ expected: "a function of ctx" });
  assert.equal(named.safeParse(undefined).error?.issues[0].message, "this is missing: expected a function of ctx");
});

Deno.test("functionOption() says to editors what it is told to say", () => {
  const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  assert.equal("not" in schemaOf(functionOption()), false);
  assert.deepEqual(schemaOf(functionOption({ json: { not: {} } })).not, {});
});
