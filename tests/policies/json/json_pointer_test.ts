import { strict as assert } from "node:assert";
import { parsePointer, parseReference, pointerPart, valueAtPointer } from "../../../src/policies/json/json_pointer.ts";

/** The document and the pointers of RFC 6901 §5. */
const DOCUMENT = {
  foo: ["bar", "baz"],
  "": 0,
  "a/b": 1,
  "c%d": 2,
  "e^f": 3,
  "g|h": 4,
  "i\\j": 5,
  'k"l': 6,
  " ": 7,
  "m~n": 8,
};

Deno.test("a pointer finds what RFC 6901 says", () => {
  const rows: [string, unknown][] = [
    ["", DOCUMENT],
    ["/foo", DOCUMENT.foo],
    ["/foo/0", "bar"],
    ["/", 0],
    ["/a~1b", 1],
    ["/c%d", 2],
    ["/i\\j", 5],
    ["/ ", 7],
    ["/m~0n", 8],
    ["/foo/2", undefined],
    ["/foo/00", undefined],
    ["/foo/-", undefined],
    ["/foo/length", undefined],
    ["/constructor", undefined],
    ["/foo/0/0", undefined],
  ];
  for (const [pointer, value] of rows) {
    assert.deepEqual(valueAtPointer(DOCUMENT, parsePointer(pointer)!), value, pointer);
  }
});

Deno.test("what is no pointer is none", () => {
  for (const text of ["foo", "#/foo", "/a~2", "/a~"]) assert.equal(parsePointer(text), null, text);
  assert.equal(pointerPart("a/~b"), "a~1~0b");
});

Deno.test("a reference is a pointer with escapes of its own", () => {
  assert.deepEqual(parseReference("#/c%25d/a~1b"), ["c%d", "a/b"]);
  assert.deepEqual(parseReference("#"), []);
  for (const text of ["", "a.json#/b", "#name", "#/%zz"]) assert.equal(parseReference(text), null, text);
});
