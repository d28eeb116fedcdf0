import { strict as assert } from "node:assert";
import fc from "fast-check";
import { prepareTemplate } from "../../../../src/policies/shape/transform/body_template.ts";
import { makeExchange } from "../../../support/exchange.ts";

const BODY = { user: { id: 7, name: "Ann", tags: ["a", "b"] }, none: null, no: false, "a/b": "x" };

function filled(template: unknown, body: unknown = BODY): unknown {
  const prepared = prepareTemplate(template);
  assert.ok("fill" in prepared, JSON.stringify(prepared));
  const exchange = makeExchange({ query: "?q=1&e=", headers: [["x-id", "h"]], params: { id: "p" } });
  return prepared.fill(body, exchange);
}

Deno.test("a template is filled with values of the body and with keys", () => {
  const rows: [template: unknown, value: unknown][] = [
    [{ a: 1, b: [true, null, "x"] }, { a: 1, b: [true, null, "x"] }],
    ["{body:}", BODY],
    ["{body:/user/id}", 7],
    ["{body:/user}", BODY.user],
    ["{body:/user/tags/1}", "b"],
    ["{body:/a~1b}", "x"],
    ["user-{body:/user/id}!", "user-7!"],
    ["{body:/user/name}{body:/user/id}", "Ann7"],
    ["{body:/user/tags} {body:/none} {body:/no} {body:/absent}|", '["a","b"]  false |'],
    ["{ip} {header:x-id} {query:q}{query:absent}", "192.0.2.7 h 1"],
    [{ id: "{param:id}", query: "{query:absent}", empty: "{query:e}" }, { id: "p", empty: "" }],
    [{ a: "{body:/absent}", b: "{body:/none}" }, { b: null }],
    [["{body:/absent}", "{body:/none}"], [null, null]],
    ["{{body:}", "{body:}"],
    ["{{{body:/user/id}", "{7"],
    ["}", "}"],
    [{ "{ip}": 1 }, { "{ip}": 1 }],
    [{ toString: "{body:/toString}" }, {}],
  ];
  for (const [template, value] of rows) assert.deepEqual(filled(template), value, JSON.stringify(template));
  assert.equal(filled("{body:/absent}"), undefined);
  assert.deepEqual(filled(JSON.parse('{"__proto__":1}')), JSON.parse('{"__proto__":1}'));
});

Deno.test("what is wrong with a template is told with its place", () => {
  const faults = prepareTemplate({
    a: ["{ip", "{nothing}"],
    b: "{body:x}",
    c: "{form:a}",
    d: () => 1,
    e: NaN,
    f: new Date(0),
  });
  assert.ok("length" in faults);
  assert.deepEqual(faults.map(({ path, message }) => `${path.join(".")}: ${message}`), [
    "a.0: the brace is not closed",
    'a.1: "{nothing}" is not a key',
    'b: "{body:x}" is no place in a body: after body: stands a JSON pointer, such as /items/0',
    'c: "{form:a}" is not a key',
    "d: this cannot stand in JSON",
    "e: this cannot stand in JSON",
    "f: this cannot stand in JSON",
  ]);
});

Deno.test("a template needs the facts that its keys are", () => {
  const prepared = prepareTemplate({ a: "{jwt:sub} {ip}", b: ["{param:id}", "{jwt:sub}"], c: "{body:/jwt:x}" });
  assert.ok("fill" in prepared);
  assert.deepEqual(prepared.needs, ["jwt:sub", "param:id"]);
});

Deno.test("a template without braces is its own value, and one that is the body is any body", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.deepEqual(filled("{body:}", value), value);
    assert.deepEqual(filled({ a: ["{body:/b}"] }, { b: value }), { a: [value] });
    if (!JSON.stringify(value).includes("{")) assert.deepEqual(filled(value), value);
  }));
});
