import assert from "node:assert/strict";
import { thrownMessage, thrownName, thrownStack } from "../../src/core/thrown.ts";

const unreadable = Object.defineProperties(new Error("x"), {
  message: { get: () => Object.create(null) },
  name: { get: () => Object.create(null) },
  stack: { get: () => Object.create(null) },
});
const NO_TEXT = "it threw something that is no text";

const THROWN: readonly [what: string, thrown: unknown, message: string, name: string][] = [
  ["an error", new TypeError("gone"), "gone", "TypeError"],
  ["a text", "gone", "gone", "Error"],
  ["nothing", undefined, "undefined", "Error"],
  ["a symbol", Symbol("s"), "Symbol(s)", "Error"],
  ["what has no text", Object.create(null), NO_TEXT, "Error"],
  ["an error that cannot be read", unreadable, NO_TEXT, "Error"],
];
for (const [what, thrown, message, name] of THROWN) {
  Deno.test(`the words for ${what} that was thrown`, () => {
    assert.equal(thrownMessage(thrown), message);
    assert.equal(thrownName(thrown), name);
    assert.ok(thrownStack(thrown).includes(message));
  });
}
