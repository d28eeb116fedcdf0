import { strict as assert } from "node:assert";
import { ifRangeHolds } from "../../../../src/policies/cache/ranges/if_range.ts";
import { DATE, HOUR_AGO, storedAnswer, TODAY, YESTERDAY } from "../selection/stored_answer.ts";

/** RFC 9110 §13.1.5. */
const ROWS: readonly (readonly [value: string, fields: readonly string[], holds: boolean])[] = [
  ['"a"', ["etag", '"a"'], true],
  ['"b"', ["etag", '"a"'], false],
  ['W/"a"', ["etag", 'W/"a"'], false],
  ['W/"a"', ["etag", '"a"'], false],
  ['"a"', ["etag", 'W/"a"'], false],
  ['"a"', [], false],
  ['"a", "b"', ["etag", '"a"'], false],
  ["a", ["etag", "a"], false],
  ["*", ["etag", '"a"'], false],
  ["", [], false],
  [HOUR_AGO, ["last-modified", HOUR_AGO], true],
  ["Mon May  6 11:00:00 2024", ["last-modified", HOUR_AGO], true],
  [DATE, ["last-modified", HOUR_AGO], false],
  [YESTERDAY, ["last-modified", HOUR_AGO], false],
  [HOUR_AGO, [], false],
  [HOUR_AGO, ["etag", `"${HOUR_AGO}"`], false],
  // In the second in which the answer was made it may have changed again.
  [DATE, ["last-modified", DATE], false],
  ["Mon, 06 May 2024 11:59:59 GMT", ["last-modified", "Mon, 06 May 2024 11:59:59 GMT"], true],
  ["yesterday", ["last-modified", "yesterday"], false],
];

Deno.test("a part is given to who has another part of the same", async (t) => {
  for (const [value, fields, holds] of ROWS) {
    await t.step(`${value} ${fields}`, () => assert.equal(ifRangeHolds(value, storedAnswer(fields), TODAY), holds));
  }
});
