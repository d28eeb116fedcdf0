import { strict as assert } from "node:assert";
import {
  headAgrees,
  refreshedFields,
  updatedFields,
  validators,
} from "../../../../src/policies/cache/selection/validation.ts";
import { DATE, HOUR_AGO, storedAnswer, TODAY, YESTERDAY } from "./stored_answer.ts";

Deno.test("the upstream is asked by what tells the answer from others", () => {
  assert.deepEqual(validators(storedAnswer([])), []);
  assert.deepEqual(validators(storedAnswer(["etag", 'W/"a"'])), ["if-none-match", 'W/"a"']);
  assert.deepEqual(validators(storedAnswer(["last-modified", HOUR_AGO])), ["if-modified-since", HOUR_AGO]);
  assert.deepEqual(validators(storedAnswer(["last-modified", HOUR_AGO, "etag", '"a"'])), [
    ...["if-none-match", '"a"', "if-modified-since", HOUR_AGO],
  ]);
  assert.deepEqual(validators(storedAnswer(["etag", "a"])), []);
  assert.deepEqual(validators(storedAnswer(["last-modified", ""])), []);
  assert.deepEqual(validators(storedAnswer(["etag", '"a"', "etag", '"b"'])), []);
});

/** RFC 9111 §4.3.4. */
const ROWS: readonly (readonly [name: string, kept: readonly string[], later: readonly string[], selected: boolean])[] =
  [
    ["the strong tag", ["etag", '"a"'], ["etag", '"a"'], true],
    ["another strong tag", ["etag", '"a"'], ["etag", '"b"'], false],
    ["a strong tag where there is none", [], ["etag", '"a"'], false],
    ["a strong tag for a weak one", ["etag", 'W/"a"'], ["etag", '"a"'], false],
    ["a strong tag for a weak one, with the date", ["etag", 'W/"a"', "last-modified", HOUR_AGO], [
      ...["etag", '"a"', "last-modified", HOUR_AGO],
    ], true],
    [
      "a strong tag for a weak one, with a date that is too near to be strong",
      ["etag", 'W/"a"', "last-modified", DATE],
      [
        ...["etag", '"a"', "last-modified", DATE],
      ],
      false,
    ],
    ["another strong tag with the date", ["etag", '"b"', "last-modified", HOUR_AGO], [
      ...["etag", '"a"', "last-modified", HOUR_AGO],
    ], false],
    ["the weak tag", ["etag", 'W/"a"'], ["etag", 'W/"a"'], true],
    ["a weak tag for a strong one", ["etag", '"a"'], ["etag", 'W/"a"'], true],
    ["another weak tag", ["etag", 'W/"a"'], ["etag", 'W/"b"'], false],
    ["the date", ["last-modified", HOUR_AGO], ["last-modified", HOUR_AGO], true],
    ["another date", ["last-modified", HOUR_AGO], ["last-modified", YESTERDAY], false],
    ["nothing", ["etag", '"a"', "last-modified", HOUR_AGO], [], true],
    ["nothing, of an answer without anything", [], [], true],
  ];

Deno.test("a 304 is about the kept answer, or about another", async (t) => {
  for (const [name, kept, later, selected] of ROWS) {
    await t.step(name, () => assert.equal(refreshedFields(storedAnswer(kept), later, TODAY) !== null, selected));
  }
});

Deno.test("a 304 changes the fields that it has, and no other", () => {
  const kept = ["etag", '"a"', "set-cookie", "a", "x-kept", "1", "set-cookie", "b", "cache-control", "max-age=1"];
  const later = ["cache-control", "max-age=2", "set-cookie", "c", "x-new", "1", "x-new", "2", "date", DATE, "age", "3"];
  assert.deepEqual(refreshedFields(storedAnswer(kept), later, TODAY), ["etag", '"a"', "x-kept", "1", ...later]);
});

Deno.test("a 304 without a date leaves none: that of the kept answer would make it old", () => {
  assert.deepEqual(refreshedFields(storedAnswer(["x", "1"]), [], TODAY), ["x", "1"]);
});

Deno.test("a 304 does not change what the kept bytes depend on, nor fields of the connection", () => {
  const kept = ["content-length", "10", "content-encoding", "gzip", "content-type", "text/plain"];
  const later = [
    "content-length",
    "0",
    "content-encoding",
    "br",
    "content-range",
    "x",
    "content-digest",
    "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    "connection",
    "x",
    "keep-alive",
    "x",
  ];
  assert.deepEqual(updatedFields(kept, [...later, "content-type", "text/html"]), [
    ...kept.slice(0, 4),
    ...["content-type", "text/html"],
  ]);
});

Deno.test("a weak tag stays weak where a 304 has a strong one", () => {
  const kept = storedAnswer(["etag", 'W/"a"', "last-modified", HOUR_AGO]);
  const later = ["etag", '"a"', "last-modified", HOUR_AGO, "x", "1"];
  assert.deepEqual(refreshedFields(kept, later, TODAY), ["etag", 'W/"a"', "last-modified", HOUR_AGO, "x", "1"]);
});

Deno.test("an answer to HEAD is about the kept one where nothing says otherwise", () => {
  const kept = storedAnswer(["etag", '"a"', "last-modified", HOUR_AGO]);
  assert.ok(headAgrees(kept, ["etag", '"a"', "last-modified", HOUR_AGO, "content-length", "10", "x", "1"]));
  assert.ok(headAgrees(kept, []));
  assert.ok(!headAgrees(kept, ["etag", '"b"']));
  assert.ok(!headAgrees(kept, ["last-modified", YESTERDAY]));
  assert.ok(!headAgrees(kept, ["content-length", "11"]));
  assert.ok(headAgrees({ ...kept, status: 206, part: { first: 0, length: 20 } }, ["content-length", "20"]));
});
