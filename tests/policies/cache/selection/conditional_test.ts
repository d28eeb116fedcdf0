import { strict as assert } from "node:assert";
import { HeaderList } from "../../../../src/core/header_list.ts";
import {
  ASKING_FIELDS,
  CONDITIONAL_FIELDS,
  notModified,
  notModifiedFields,
  UPSTREAM_CONDITIONS,
} from "../../../../src/policies/cache/selection/conditional.ts";
import { DATE, HOUR_AGO, storedAnswer, TODAY, YESTERDAY } from "./stored_answer.ts";

/** RFC 9110 §13.1.2, §13.1.3; RFC 9111 §4.3.2. */
const ROWS: readonly (readonly [name: string, request: readonly string[], fields: readonly string[], is: boolean])[] = [
  ["no condition", [], ["etag", '"a"'], false],
  ["the tag", ["if-none-match", '"a"'], ["etag", '"a"'], true],
  ["the tag as a weak one", ["if-none-match", 'W/"a"'], ["etag", '"a"'], true],
  ["one of several tags", ["if-none-match", '"b"', "if-none-match", '"a"'], ["etag", '"a"'], true],
  ["another tag", ["if-none-match", '"b"'], ["etag", '"a"'], false],
  ["any", ["if-none-match", "*"], [], true],
  ["a tag where there is none", ["if-none-match", '"a"'], ["last-modified", HOUR_AGO], false],
  ["the tag beats an older date", ["if-none-match", '"a"', "if-modified-since", YESTERDAY], [
    ...["etag", '"a"', "last-modified", HOUR_AGO],
  ], true],
  ["another tag beats the date", ["if-none-match", '"b"', "if-modified-since", HOUR_AGO], [
    ...["etag", '"a"', "last-modified", HOUR_AGO],
  ], false],
  [
    "a broken tag beats the date",
    ["if-none-match", "b", "if-modified-since", HOUR_AGO],
    ["last-modified", HOUR_AGO],
    false,
  ],
  ["the date", ["if-modified-since", HOUR_AGO], ["last-modified", HOUR_AGO], true],
  ["a later date", ["if-modified-since", DATE], ["last-modified", HOUR_AGO], true],
  ["an earlier date", ["if-modified-since", YESTERDAY], ["last-modified", HOUR_AGO], false],
  [
    "the date in the old format",
    ["if-modified-since", "Monday, 06-May-24 11:00:00 GMT"],
    ["last-modified", HOUR_AGO],
    true,
  ],
  ["no date", ["if-modified-since", "yesterday"], ["last-modified", HOUR_AGO], false],
  ["the same that is no date", ["if-modified-since", "yesterday"], ["last-modified", "yesterday"], false],
  ["two dates", ["if-modified-since", HOUR_AGO, "if-modified-since", HOUR_AGO], ["last-modified", HOUR_AGO], false],
  ["a date where it was changed at no date", ["if-modified-since", DATE], ["last-modified", "yesterday"], false],
  ["a date where it was changed at two", ["if-modified-since", DATE], [
    ...["last-modified", HOUR_AGO, "last-modified", YESTERDAY],
  ], false],
  ["the answer's Date", ["if-modified-since", DATE], [], true],
  ["a time before the answer's Date", ["if-modified-since", HOUR_AGO], [], false],
];

Deno.test("a client is told that it has the answer", async (t) => {
  for (const [name, request, fields, is] of ROWS) {
    await t.step(name, () => assert.equal(notModified(HeaderList.of(...request), storedAnswer(fields), TODAY), is));
  }
});

Deno.test("conditions have no effect on answers that are no content", () => {
  const headers = HeaderList.of("if-none-match", '"a"'), fields = ["etag", '"a"'];
  for (const status of [203, 204, 301, 404, 503]) {
    assert.equal(notModified(headers, storedAnswer(fields, { status }), TODAY), false);
  }
  assert.equal(
    notModified(headers, storedAnswer(fields, { status: 206, part: { first: 0, length: 20 } }), TODAY),
    true,
  );
});

Deno.test("a 304 has what guides caches, and nothing about the content", () => {
  const guide = ["date", DATE, "cache-control", "max-age=60", "etag", '"a"', "vary", "foo", "expires", DATE];
  const others = [
    "content-location",
    "/a",
    "set-cookie",
    "a",
    "set-cookie",
    "b",
    "content-security-policy",
    "x",
    "age",
    "1",
  ];
  const content = [
    "content-type",
    "text/plain",
    "content-length",
    "10",
    "content-encoding",
    "gzip",
    "last-modified",
    DATE,
  ];
  assert.deepEqual(notModifiedFields([...content, ...guide, ...others]), [...guide, ...others]);
  assert.deepEqual(notModifiedFields(content), ["last-modified", DATE]);
});

Deno.test("fields that ask for something special are all among those that are looked for first", () => {
  const names = ["if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "range", "if-range"];
  for (const name of names) assert.ok(ASKING_FIELDS.has(name), name);
  assert.deepEqual(names.filter((name) => CONDITIONAL_FIELDS.has(name)), names.slice(0, 2));
  assert.deepEqual(names.filter((name) => UPSTREAM_CONDITIONS.has(name)), names.slice(2, 4));
});
