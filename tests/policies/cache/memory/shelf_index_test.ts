import assert from "node:assert/strict";
import { ShelfEntry } from "../../../../src/policies/cache/memory/shelf_entry.ts";
import { ShelfIndex } from "../../../../src/policies/cache/memory/shelf_index.ts";
import { kept, NO_FIELDS } from "./kept.ts";

Deno.test("an index remembers no host that nothing is kept of", () => {
  const index = new ShelfIndex(), entries: ShelfEntry[] = [];
  const urls = ["https://a.example/1", "https://a.example/2", "https://b.example/1", "https:///1"];
  for (const variant of ["", "x"]) {
    for (const url of urls) {
      const entry = new ShelfEntry(index.placeOf(url, variant, NO_FIELDS, kept("")), kept(""), 0, { over: false });
      index.put(entry);
      entries.push(entry);
    }
  }
  assert.equal(index.origins, 3);
  assert.equal(index.atPath("/1").length, 6);
  for (const entry of entries) index.remove(entry);
  assert.equal(index.origins, 0);
  assert.deepEqual([...index.beginning("")], []);
});
