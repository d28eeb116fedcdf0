import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseValidJson } from "../../../src/policies/json/parse_valid_json.ts";
import { readJson } from "../../../src/policies/json/read_json.ts";

Deno.test("parseValidJson() reads what JSON.stringify() writes, blanks or not", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, "\t"), (value, space) => {
    const text = JSON.stringify(value, null, space);
    assert.equal(JSON.stringify(parseValidJson(text)), JSON.stringify(value));
  }));
  assert.deepEqual(parseValidJson(' \r\n[ 1 , -2.5e+3,true ,null, "a\\"]", { "\\u0061" : [ ] , "b" :{ } } ] '), [
    ...[1, -2500, true, null, 'a"]'],
    { a: [], b: {} },
  ]);
});

Deno.test("a name with escapes is never taken for one that was met before", () => {
  const read = (text: string) => readJson(new TextEncoder().encode(text)).value;
  // The parser of the runtime learns the first names, and then sees the second ones as them.
  for (
    const [first, second, name] of [
      ['{"a":1,"\\\\u00":1}', '{"a":1,"\\u0072ole":2}', "role"],
      ['{"h":[],"\\\\":0}', '{"h":1,"\\"":2}', '"'],
      ['{"h":[],"\\\\":0}', '{"h":1,"\\u0061":2}', "a"],
    ]
  ) {
    for (let i = 0; i < 3; i++) JSON.parse(first);
    assert.deepEqual(Object.keys(read(second) as object), [name === "role" ? "a" : "h", name]);
  }
});
