import { strict as assert } from "node:assert";
import { MOST_LINES } from "../../../../src/core/cache_tier.ts";
import { listLine, readLists } from "../../../../src/policies/cache/tier/vary_lists.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("lists are read from their lines", () => {
  const lists = [["accept-language"], ["accept", "cookie"]];
  assert.deepEqual(readLists(bytes(lists.map(listLine).join("\n"))), lists);
});

Deno.test("what is no list of field names is as good as nothing", () => {
  for (const text of ["", "\n", "a b", ",", "a,", '[["a"]]', "\u0000", "\ufffd"]) {
    assert.deepEqual(readLists(bytes(text)), [], text);
  }
  assert.deepEqual(readLists(bytes("a b\nx-a")), [["x-a"]]);
  assert.deepEqual(readLists(new Uint8Array([0xff, 0xfe])), []);
  assert.equal(readLists(bytes("a\n".repeat(100))).length, MOST_LINES);
});
