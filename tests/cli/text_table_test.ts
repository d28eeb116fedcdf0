import { strict as assert } from "node:assert";
import { textTable } from "../../src/cli/text_table.ts";

Deno.test("textTable() aligns columns and leaves no space at the end", () => {
  assert.deepEqual(textTable([["A", "BB", "C"], ["→é", "b", ""], ["aaaa", "", "c"]]), [
    "A     BB  C",
    "→é    b",
    "aaaa      c",
  ]);
});
