import { strict as assert } from "node:assert";
import { faultsOf } from "../../../src/policies/validate/value_fault.ts";

const error = { instancePath: "/a", schemaPath: "", params: {}, message: "must be number" };

Deno.test("a condition is told of only where nothing else is", () => {
  const condition = { ...error, keyword: "if", message: 'must match "then" schema' },
    type = { ...error, keyword: "type" };
  assert.deepEqual(faultsOf([type, condition]), [{ pointer: "/a", message: "must be number" }]);
  assert.deepEqual(faultsOf([condition]), [{ pointer: "/a", message: 'must match "then" schema' }]);
});

Deno.test("a value that does not fit has a fault, though none is told", () => {
  assert.deepEqual(faultsOf([]), [{ pointer: "", message: "is not valid" }]);
});
