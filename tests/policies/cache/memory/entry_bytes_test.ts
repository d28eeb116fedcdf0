import { strict as assert } from "node:assert";
import { asking, kept, makeShelf } from "./kept.ts";

/** What one answer takes that was chosen by this value of `x-kind`; `null`: by nothing. */
function bytesOf(kind: string | null): number {
  const vary = kind === null ? [] : ["x-kind"], headers = asking({ "x-kind": kind ?? "" });
  return makeShelf().put("http://a.test/a", "", headers, kept("a", { vary }))!.bytes;
}

Deno.test("an answer that was chosen by a field takes more, and three bytes for each character of its value", () => {
  const plain = bytesOf(null), empty = bytesOf("");
  // What was measured, within a tenth.
  assert.ok(empty - plain > 225 && empty - plain < 275, `${empty} after ${plain}`);
  assert.equal(bytesOf("a".repeat(1_000)), empty + 3_000);
});
