import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type AltName, printAltNames, readAltNames } from "../../src/core/alt_names.ts";

Deno.test("alternative names are printed as usual, and in quotes where they could be read as others", () => {
  const names: AltName[] = [
    { type: "DNS", value: "client.test" },
    { type: "URI", value: "spiffe://a/b" },
    { type: "IP Address", value: "10.0.0.1" },
  ];
  assert.equal(printAltNames(names), "DNS:client.test, URI:spiffe://a/b, IP Address:10.0.0.1");
  assert.equal(printAltNames([{ type: "URI", value: "a, DNS:b" }]), 'URI:"a, DNS:b"');
  assert.equal(printAltNames([]), "");
});

Deno.test("readAltNames() reads back whatever was printed, and never throws", () => {
  const name = fc.record({
    type: fc.constantFrom("DNS", "URI", "email", "IP Address"),
    value: fc.string({ unit: "binary" }),
  }, { noNullPrototype: true });
  fc.assert(fc.property(fc.array(name), (names) => {
    assert.deepEqual(readAltNames(printAltNames(names)), names);
  }));
  fc.assert(fc.property(fc.string(), (text) => void readAltNames(text)));
  fc.assert(fc.property(fc.stringMatching(/^(DNS|URI|"|:|,| |a|\\)*$/), (text) => void readAltNames(text)));
});
