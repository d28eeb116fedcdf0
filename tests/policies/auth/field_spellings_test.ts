import { strict as assert } from "node:assert";
import { fieldSpellings } from "../../../src/policies/auth/field_spellings.ts";

Deno.test("fieldSpellings() knows every name that reads the same where - is _", () => {
  const cases: [name: string, spelled: string[]][] = [
    ["x", ["x"]],
    ["x-user", ["x-user", "x_user"]],
    ["x_user", ["x-user", "x_user"]],
    ["x-user-id", ["x-user-id", "x-user_id", "x_user-id", "x_user_id"]],
    ["-", ["-", "_"]],
  ];
  for (const [name, spelled] of cases) assert.deepEqual(fieldSpellings(name).sort(), spelled, name);
});
