import { strict as assert } from "node:assert";
import { GAPS } from "./gaps.ts";
import { serveGaps } from "./serve_gaps.ts";
import { TABLE } from "./table.ts";

Deno.test("the table has more than 250 rows, each with a name of its own and the section it stands on", () => {
  assert.ok(TABLE.length > 250);
  const names = TABLE.map(({ name }) => name);
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
  for (const { name, rfc } of TABLE) assert.match(rfc, /^\d{4} §[A-Z\d]+(\.\d+)*$/, name);
});

Deno.test("each gap of the serve engine is shown by a row, and told once", () => {
  assert.deepEqual(serveGaps(TABLE), Object.values(GAPS).map((text) => `- ${text}`));
});

Deno.test("a row whose client gets no answer says what else it must see", () => {
  for (const { name, expect } of TABLE) {
    const seen = "answers" in expect ? expect.answers.length > 0 || expect.after !== "unchecked" : true;
    assert.ok(seen || (expect.contains ?? []).length > 0, name);
  }
});
