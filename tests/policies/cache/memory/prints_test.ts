import assert from "node:assert/strict";
import { printOf, Prints } from "../../../../src/policies/cache/memory/prints.ts";

const place = (key: string, variant = "", selecting = "") => ({ key, variant, selecting });

Deno.test("a print says where: each part of the place counts, and where it ends", () => {
  const places = [
    place("ab"),
    place("a", "b"),
    place("a", "", "b"),
    place("", "ab"),
    place("ab", "c"),
    place("a", "bc"),
  ];
  assert.equal(new Set(places.map(printOf)).size, places.length);
  assert.equal(printOf(place("a", "b", "c")), printOf(place("a", "b", "c")));
  for (const print of places.map(printOf)) assert.equal(print, print | 0);
});

Deno.test("prints are taken once", () => {
  const prints = new Prints();
  prints.add(1, 100);
  assert.deepEqual([prints.take(1), prints.take(1), prints.take(2)], [true, false, false]);
});

Deno.test("the last prints are remembered: half as many as may be at least, and no more than may be", () => {
  const prints = new Prints();
  for (let print = 0; print < 1_000; print++) prints.add(print, 100);
  const known = Array.from({ length: 1_000 }, (_, print) => print).filter((print) => prints.take(print));
  assert.ok(known.length >= 50 && known.length <= 100);
  assert.ok(known.includes(999) && !known.includes(899));
});
