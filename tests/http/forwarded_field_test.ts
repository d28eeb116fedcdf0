import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { elementsFromRight, nodeAddress, nodeText } from "../../src/http/forwarded_field.ts";

Deno.test("elementsFromRight() reads the elements of RFC 7239, last first", () => {
  const value =
    'for=192.0.2.43;host="a.example:80", For="[2001:db8:cafe::17]:4711" ;PROTO=https;by=203.0.113.43,, for=_x;';
  assert.deepEqual(elementsFromRight(value), [
    { text: "for=_x;", for: "_x", host: null, proto: null },
    {
      text: 'For="[2001:db8:cafe::17]:4711" ;PROTO=https;by=203.0.113.43',
      for: "[2001:db8:cafe::17]:4711",
      host: null,
      proto: "https",
    },
    { text: 'for=192.0.2.43;host="a.example:80"', for: "192.0.2.43", host: "a.example:80", proto: null },
  ]);
  assert.deepEqual(elementsFromRight(""), []);
  assert.deepEqual(elementsFromRight(" , ,"), []);
});

Deno.test("elementsFromRight() unescapes quoted strings and keeps their commas", () => {
  const [element] = elementsFromRight(String.raw`for="a\"b,c\\";host=x`);
  assert.equal(element.for, String.raw`a"b,c\ `.trim());
  assert.equal(element.host, "x");
  assert.deepEqual(elementsFromRight(String.raw`for=x, for="a,b\"c"`).map((e) => e.for), ['a,b"c', "x"]);
});

Deno.test("elementsFromRight() ends at the first element from the right that breaks the grammar", () => {
  const garbage = [
    'for="1.1.1.1',
    "for=[::1]",
    "for=1.1.1.1:80",
    "for",
    "=x",
    "for=",
    "for=a;for=b",
    'for="a"b',
    "for=a b",
  ];
  for (const left of garbage) {
    assert.deepEqual(elementsFromRight(`for=9.9.9.9, ${left}, for=2.2.2.2`).map((e) => e.for), ["2.2.2.2"], left);
  }
});

Deno.test("elementsFromRight() reads what a proxy appended, whatever the client sent before it", () => {
  const odd = fc.array(fc.constantFrom('"', "\\", ",", ";", "for=", "1.1.1.1", "x", " "), { maxLength: 12 });
  fc.assert(
    fc.property(odd, fc.constantFrom("for=2.2.2.2", 'for="[::2]:80";proto=http'), (parts, appended) => {
      assert.equal(elementsFromRight(`${parts.join("")}, ${appended}`)[0]?.text, appended);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("nodeAddress() reads addresses with and without a port", () => {
  const table: readonly (readonly [string, string | null])[] = [
    ["1.2.3.4", "1.2.3.4"],
    ["1.2.3.4:80", "1.2.3.4"],
    ["1.2.3.4:_port", "1.2.3.4"],
    ["[2001:DB8::1]", "2001:db8::1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["2001:db8::1", "2001:db8::1"],
    ["::1", "::1"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["[::ffff:1.2.3.4]:5", "1.2.3.4"],
    ["", null],
    ["unknown", null],
    ["_hidden", null],
    ["_hidden:80", null],
    ["1.2.3.4:", null],
    ["1.2.3.4:x", null],
    ["1.2.3.4:123456", null],
    ["[::1]x", null],
    ["[::1", null],
    ["[1.2.3.4]:80", null],
    [":80", null],
    ["example.com", null],
    ["1.2.3.4, 5.6.7.8", null],
  ];
  for (const [node, address] of table) assert.equal(nodeAddress(node), address, JSON.stringify(node));
});

Deno.test("nodeText() quotes IPv6 and hides what is no address", () => {
  assert.equal(nodeText("1.2.3.4"), "1.2.3.4");
  assert.equal(nodeText("2001:db8::1"), '"[2001:db8::1]"');
  assert.equal(nodeText(null), "unknown");
});
