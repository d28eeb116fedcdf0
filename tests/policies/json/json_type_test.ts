import { strict as assert } from "node:assert";
import { isJsonType, isUtf8, mediaType } from "../../../src/policies/json/json_type.ts";

Deno.test("JSON is application/json and every +json, in UTF-8", () => {
  const json = [
    "application/json",
    "Application/JSON ; charset=UTF-8",
    "application/problem+json",
    "image/x.y+json;a=b",
  ];
  const other = [
    "",
    "text/json+xml",
    "application/jsonp",
    "text/plain",
    "+json",
    "application/json, text/html",
    "a/b/c+json",
  ];
  assert.deepEqual(json.filter((type) => !isJsonType(mediaType(type))), []);
  assert.deepEqual(other.filter((type) => isJsonType(mediaType(type))), []);
  assert.equal(isJsonType(mediaType(null)), false);
  const utf8 = [null, "a/b", "a/b;charset=utf-8", 'a/b; charset="UTF8"', "a/b; x=y; charset=us-ascii"];
  assert.deepEqual(utf8.filter((type) => !isUtf8(type)), []);
  const others = [
    "a/b;charset=utf-16",
    "a/b; charset=latin1",
    'a/b; charset="utf-16le"',
    "a/b; charset=",
    "a/b; charset = utf-7",
  ];
  assert.deepEqual(others.filter((type) => isUtf8(type)), []);
});
