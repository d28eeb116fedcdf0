import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { CidrSet, isCidrError } from "../../src/http/cidr.ts";
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from "../../src/core/ip_address.ts";

function setOf(...texts: string[]): CidrSet {
  const set = CidrSet.parse(texts);
  assert.ok(!isCidrError(set), JSON.stringify(set));
  return set;
}

Deno.test("CidrSet.has() tells addresses in its blocks from others", () => {
  const set = setOf("10.0.0.0/8", "192.168.1.7", "172.16.0.0/12", "::1", "fd00::/8", "2001:db8::/33", "10.1.0.0/16");
  const inside = [
    "10.0.0.0",
    "10.255.255.255",
    "10.1.2.3",
    "192.168.1.7",
    "172.31.255.255",
    "::1",
    "fd12::1",
    "fdff::",
  ];
  for (const ip of [...inside, "2001:db8:7fff::1", "::ffff:10.0.0.1", "::ffff:a00:1", "0:0:0:0:0:0:0:1"]) {
    assert.equal(set.has(ip), true, ip);
  }
  const outside = [
    "9.255.255.255",
    "11.0.0.0",
    "192.168.1.6",
    "192.168.1.8",
    "172.15.255.255",
    "172.32.0.0",
    "::2",
    "::",
  ];
  for (const ip of [...outside, "fc00::1", "fe00::", "2001:db8:8000::", "::10.0.0.1", "", "x", "010.0.0.1", "[::1]"]) {
    assert.equal(set.has(ip), false, ip);
  }
});

Deno.test("CidrSet keeps the families apart, but knows mapped addresses", () => {
  assert.equal(setOf("::/0").has("1.2.3.4"), false);
  assert.equal(setOf("::/0").has("2001::1"), true);
  assert.equal(setOf("0.0.0.0/0").has("::1"), false);
  assert.equal(setOf("0.0.0.0/0").has("::ffff:1.2.3.4"), true);
  assert.equal(setOf("::ffff:10.0.0.0/104").has("10.9.9.9"), true);
  assert.equal(setOf("::ffff:10.0.0.0/104").has("11.0.0.0"), false);
  assert.equal(setOf("::ffff:10.0.0.1").has("10.0.0.1"), true);
});

Deno.test("CidrSet.EMPTY and the set of nothing hold nothing", () => {
  for (const set of [CidrSet.EMPTY, setOf()]) {
    assert.equal(set.empty, true);
    assert.equal(set.has("127.0.0.1"), false);
  }
  assert.equal(setOf("::1").empty, false);
});

Deno.test("CidrSet.parse() reports every wrong text with a remedy", () => {
  const result = CidrSet.parse([
    "10.0.0.0/8",
    "10.0.0.5/8",
    "localhost",
    "10.0.0.0/33",
    "::1/129",
    "fd00::1/8",
    "::/",
    "010.0.0.1",
  ]);
  assert.ok(isCidrError(result));
  assert.deepEqual(result.issues.map(({ index, seen, remedy }) => [index, seen, remedy]), [
    [1, "10.0.0.5/8", '"10.0.0.0/8", or "10.0.0.5"'],
    [2, "localhost", 'an address or a block, such as "10.0.0.0/8" or "fd00::/8"'],
    [3, "10.0.0.0/33", '"10.0.0.0/32"'],
    [4, "::1/129", '"::1/128"'],
    [5, "fd00::1/8", '"fd00::/8", or "fd00::1"'],
    [6, "::/", '"::/128"'],
    [7, "010.0.0.1", 'an address or a block, such as "10.0.0.0/8" or "fd00::/8"'],
  ]);
  for (
    const text of [
      "1.2.3.4/+8",
      "1.2.3.4/08",
      "1.2.3.4/8/8",
      "1.2.3.4/ 8",
      "/8",
      "",
      " 1.2.3.4",
      "1.2.3.4/-1",
      "::/1e1",
    ]
  ) {
    assert.ok(isCidrError(CidrSet.parse([text])), text);
  }
});

/** The model: an address is a string of bits, a block a prefix of such a string. */
function bitsOf(groups: readonly number[]): string {
  return groups.map((group) => group.toString(2).padStart(16, "0")).join("");
}

function textOf(bits: string): string {
  const groups = bits.match(/.{16}/g)!.map((group) => parseInt(group, 2));
  return groups.length === 8 ? formatIPv6(groups) : formatIPv4(parseInt(bits, 2));
}

function bitsOfText(text: string): string {
  const quad = parseIPv4(text);
  return quad >= 0 ? quad.toString(2).padStart(32, "0") : bitsOf(parseIPv6(text)!);
}

for (const width of [32, 128]) {
  Deno.test(`CidrSet.has() agrees with a model that compares ${width} bits one by one`, () => {
    // Few distinct leading bits, so that blocks nest, touch and are hit. A first 1 keeps IPv6 away from mapped addresses.
    const address = fc.tuple(
      fc.integer({ min: 0, max: 7 }),
      fc.bigInt({ min: 0n, max: (1n << BigInt(width - 4)) - 1n }),
    )
      .map(([high, low]) => "1" + high.toString(2).padStart(3, "0") + low.toString(2).padStart(width - 4, "0"));
    const block = fc.tuple(address, fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: width })))
      .map(([bits, prefix]) => bits.slice(0, prefix));
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 8 }),
        fc.array(address, { minLength: 1, maxLength: 5 }),
        (blocks, probes) => {
          const set = setOf(...blocks.map((bits) => `${textOf(bits.padEnd(width, "0"))}/${bits.length}`));
          const edges = blocks.flatMap((bits) => [bits.padEnd(width, "0"), bits.padEnd(width, "1")]);
          for (const probe of [...probes, ...edges, ...edges.map(next), ...edges.map(previous)]) {
            const text = textOf(probe);
            assert.equal(bitsOfText(text), probe);
            if (width === 128 && !probe.startsWith("1") && probe.startsWith("0".repeat(80))) continue;
            assert.equal(set.has(text), blocks.some((bits) => probe.startsWith(bits)), text);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
}

function next(bits: string): string {
  return shifted(bits, 1n);
}

function previous(bits: string): string {
  return shifted(bits, -1n);
}

function shifted(bits: string, by: bigint): string {
  return BigInt.asUintN(bits.length, BigInt("0b" + bits) + by).toString(2).padStart(bits.length, "0");
}
