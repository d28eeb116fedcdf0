import { strict as assert } from "node:assert";
import fc from "fast-check";
import { editDistance, nearest } from "../../src/settings/nearest.ts";

const DISTANCES: readonly (readonly [string, string, number])[] = [
  ["", "", 0],
  ["", "abc", 3],
  ["users", "users", 0],
  ["user", "users", 1],
  ["usres", "users", 1],
  ["kitten", "sitting", 3],
  ["ca", "abc", 3],
];
for (const [a, b, distance] of DISTANCES) {
  Deno.test(`editDistance() of "${a}" and "${b}" is ${distance}`, () => assert.equal(editDistance(a, b), distance));
}

Deno.test("editDistance() is symmetric, zero for equal texts only, and at most the longer text", () => {
  fc.assert(fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
    const distance = editDistance(a, b);
    assert.equal(distance, editDistance(b, a));
    assert.equal(distance === 0, a === b);
    assert.ok(distance <= Math.max(a.length, b.length) && distance >= Math.abs(a.length - b.length));
  }));
});

Deno.test("nearest() finds a word after any one slip of the pen", () => {
  const words = ["upstream", "redirect", "respond", "handler", "stripPrefix", "timeouts"];
  fc.assert(
    fc.property(
      fc.constantFrom(...words),
      fc.nat(),
      fc.constantFrom("drop", "double", "swap", "case"),
      (word, n, slip) => {
        const at = n % (word.length - 1);
        const typed = slip === "drop"
          ? word.slice(0, at) + word.slice(at + 1)
          : slip === "double"
          ? word.slice(0, at) + word[at] + word.slice(at)
          : slip === "swap"
          ? word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2)
          : word.toUpperCase();
        assert.equal(nearest(typed, words), word);
      },
    ),
  );
});

Deno.test("nearest() does not guess", () => {
  assert.equal(nearest("colour", ["upstream", "redirect"]), undefined);
  assert.equal(nearest("x", ["ip"]), undefined);
  assert.equal(nearest("billing", ["users", "files"]), undefined);
  assert.equal(nearest("queues", ["quotas"]), undefined, "half of the word differs");
  assert.equal(nearest("a", []), undefined);
});

Deno.test("nearest() prefers the fewest edits, then the first", () => {
  assert.equal(nearest("usr", ["usb", "user"]), "usb");
  assert.equal(nearest("files2", ["files", "files1"]), "files");
});

Deno.test("nearest() takes a word that begins as another and ends otherwise", () => {
  assert.equal(nearest("policy", ["path", "policies", "upstream"]), "policies");
  assert.equal(nearest("strip", ["rewrite", "stripPrefix"]), "stripPrefix");
  assert.equal(nearest("POLICY", ["policies"]), "policies");
  assert.equal(nearest("pool", ["policies"]), undefined, "too little of it");
  assert.equal(nearest("requestTimeout", ["requestId"]), undefined, "both go on for long");
  assert.equal(nearest("time", ["timeouts"]), undefined, "four letters");
  assert.equal(nearest("policy", ["policies", "polis"]), "polis", "fewer edits come first");
});
