import { strict as assert } from "node:assert";
import { isIPv4, isIPv6 } from "node:net";
import * as fc from "fast-check";
import {
  formatIPv4,
  formatIPv6,
  mappedIPv4,
  normaliseAddress,
  parseIPv4,
  parseIPv6,
} from "../../src/core/ip_address.ts";

Deno.test("parseIPv4() reads dotted quads and nothing else", () => {
  assert.equal(parseIPv4("1.2.3.4"), 0x01020304);
  assert.equal(parseIPv4("255.255.255.255"), 0xffffffff);
  assert.equal(parseIPv4("0.0.0.0"), 0);
  const wrong = [
    "",
    "1.2.3",
    "1.2.3.",
    "1.2.3.4.",
    ".1.2.3",
    "1..2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.00",
    "1.2.3.4.5",
  ];
  for (const text of [...wrong, "0x1.2.3.4", "127.1", "2130706433", "1.2.3.4 ", " 1.2.3.4", "1,2.3.4", "1.2.3.-4"]) {
    assert.equal(parseIPv4(text), -1, JSON.stringify(text));
  }
});

Deno.test("formatIPv6() writes RFC 5952", () => {
  const table = [
    ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ];
  for (const [text, written] of table) assert.equal(formatIPv6(parseIPv6(text)!), written, text);
});

Deno.test("normaliseAddress() gives each address one spelling", () => {
  const table = [
    ["1.2.3.4", "1.2.3.4"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["::FFFF:102:304", "1.2.3.4"],
    ["[::ffff:127.0.0.1]", "127.0.0.1"],
    ["0:0:0:0:0:ffff:255.0.0.1", "255.0.0.1"],
    ["[2001:DB8::A]", "2001:db8::a"],
    ["fe80::1%eth0", "fe80::1"],
    ["[fe80::1%25en0]", "fe80::1"],
    ["::1.2.3.4", "::102:304"],
  ];
  for (const [text, address] of table) assert.equal(normaliseAddress(text), address, text);
  const wrong = [
    "",
    "unknown",
    "[1.2.3.4]",
    "[::1",
    "::1]",
    "1.2.3.4%eth0",
    "1.2.3.4:80",
    "[::1]:80",
    ":::",
    "1:::2",
    ":1",
  ];
  for (
    const text of [
      ...wrong,
      "1:",
      "1::2::3",
      "1:2:3:4::5:6:7:8",
      "1:2:3:4:5:6:7:8::",
      "1:2:3:4:5:6:7:8:9",
      "12345::",
      "::g",
      "1.2.3.4::",
      "::1.2.3",
      "/x",
    ]
  ) {
    assert.equal(normaliseAddress(text), null, JSON.stringify(text));
  }
});

Deno.test("addresses survive writing and reading", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), (address) => {
    assert.equal(parseIPv4(formatIPv4(address)), address);
  }));
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
    const text = formatIPv6(groups);
    assert.deepEqual(parseIPv6(text), groups);
    assert.equal(new URL(`http://[${text}]/`).hostname, `[${text}]`);
  }));
});

Deno.test("the address parsers agree with node:net on what an address is", () => {
  const parts = fc.constantFrom(
    "0",
    "1",
    "255",
    "256",
    "01",
    ":",
    ":",
    "::",
    ".",
    "ffff",
    "a",
    "12345",
    "1.2.3.4",
    "g",
    "",
  );
  const texts = fc.oneof(fc.array(parts, { maxLength: 12 }).map((list) => list.join("")), fc.ipV6(), fc.ipV4());
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(parseIPv4(text) >= 0, isIPv4(text));
      assert.equal(parseIPv6(text) !== null, isIPv6(text));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("mappedIPv4() sees only ::ffff:0:0/96", () => {
  assert.equal(mappedIPv4(parseIPv6("::ffff:1.2.3.4")!), 0x01020304);
  for (const text of ["::1.2.3.4", "64:ff9b::1.2.3.4", "1::ffff:1.2.3.4", "::ffff:0:102:304"]) {
    assert.equal(mappedIPv4(parseIPv6(text)!), -1, text);
  }
});
