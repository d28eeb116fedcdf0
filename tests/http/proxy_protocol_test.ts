import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseProxyHeader, type ProxyHeader, ProxyHeaderError } from "../../src/http/proxy_protocol.ts";

const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const parse = (bytes: Uint8Array) => parseProxyHeader(bytes, 0, bytes.length);

function refuses(bytes: Uint8Array, what: string): void {
  const result = parse(bytes);
  assert.ok(result instanceof ProxyHeaderError, `${what}: ${JSON.stringify(result)}`);
}

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const IPV4_ENDS = [192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 0x01, 0xbb];
const IPV6_ENDS = [
  ...[0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a],
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1],
  ...[0xff, 0xff, 0, 0],
];

/** A version 2 header around what stands behind its length. */
function binary(command: number, family: number, rest: readonly number[], length = rest.length): Uint8Array {
  return Uint8Array.from([...SIGNATURE, command, family, length >> 8, length & 0xff, ...rest]);
}

const tlv = (type: number, value: readonly number[]) => [type, value.length >> 8, value.length & 0xff, ...value];

/** CRC-32C by the definition: division of polynomials, on bits in the order of the wire. */
function crc32c(bytes: Uint8Array): number[] {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return [24n, 16n, 8n, 0n].map((shift) => Number((crc >> shift) & 0xffn));
}

/** An IPv4 header with TLVs before and behind its checksum. */
function withChecksum(before: readonly number[], behind: readonly number[]): Uint8Array {
  const header = binary(0x21, 0x11, [...IPV4_ENDS, ...before, ...tlv(0x03, [0, 0, 0, 0]), ...behind]);
  header.set(crc32c(header), 16 + 12 + before.length + 3);
  return header;
}

const IPV4 = { source: { hostname: "192.0.2.1", port: 12345 }, destination: { hostname: "198.51.100.2", port: 443 } };
const IPV6 = { source: { hostname: "2001:db8::a", port: 65535 }, destination: { hostname: "10.0.0.1", port: 0 } };
const OWN = { source: null, destination: null };

const LONGEST = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
const VALID: [string, Uint8Array, Omit<ProxyHeader, "length">][] = [
  ["v1 over IPv4", latin1("PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n"), IPV4],
  ["v1 over IPv6", latin1("PROXY TCP6 2001:DB8:0::000A ::ffff:10.0.0.1 65535 0\r\n"), IPV6],
  ["v1 with the longest IPv6 addresses", latin1(`PROXY TCP6 ${LONGEST} ${LONGEST} 65535 65535\r\n`), {
    source: { hostname: LONGEST, port: 65535 },
    destination: { hostname: LONGEST, port: 65535 },
  }],
  ["v1 with no word about the source", latin1("PROXY UNKNOWN\r\n"), OWN],
  ["v1 with words to ignore", latin1(`PROXY UNKNOWN ${LONGEST} ${LONGEST} 65535 65535\r\n`), OWN],
  ["v2 over IPv4", binary(0x21, 0x11, IPV4_ENDS), IPV4],
  ["v2 over IPv6", binary(0x21, 0x21, IPV6_ENDS), IPV6],
  ["v2 over a Unix socket", binary(0x21, 0x31, new Array(216).fill(0x2f)), OWN],
  ["v2 of an unspecified family", binary(0x21, 0x00, []), OWN],
  ["v2 of an unspecified family with TLVs", binary(0x21, 0x00, tlv(0x04, [0, 0])), OWN],
  ["v2 of the proxy itself", binary(0x20, 0x00, []), OWN],
  ["v2 of the proxy itself, with a family to ignore", binary(0x20, 0xff, [...IPV4_ENDS, 1, 2]), OWN],
  ["v2 of the proxy itself, with addresses to ignore", binary(0x20, 0x11, IPV4_ENDS), OWN],
  ["v2 of the proxy itself, with less than addresses to ignore", binary(0x20, 0x21, [1]), OWN],
  ["v2 with TLVs", binary(0x21, 0x11, [...IPV4_ENDS, ...tlv(0x02, [97]), ...tlv(0xe0, [])]), IPV4],
  ["v2 with the most TLVs", binary(0x21, 0x11, [...IPV4_ENDS, ...tlv(0x04, new Array(4093).fill(0))]), IPV4],
  ["v2 with a checksum", withChecksum(tlv(0x02, [97, 98]), tlv(0x04, [0, 0, 0])), IPV4],
];

for (const [what, bytes, expected] of VALID) {
  Deno.test(`parseProxyHeader() reads ${what}, and every prefix is incomplete`, () => {
    assert.deepEqual(parse(bytes), { length: bytes.length, ...expected });
    for (let to = 0; to < bytes.length; to++) {
      const room = new Uint8Array(bytes.length).fill(0xee);
      room.set(bytes.subarray(0, to));
      assert.equal(parseProxyHeader(room, 0, to), "incomplete", `${to} bytes`);
    }
  });

  Deno.test(`parseProxyHeader() reads ${what} in the midst of other bytes`, () => {
    const around = Uint8Array.from([1, 2, 3, ...bytes, ...latin1("GET / HTTP/1.1\r\n")]);
    assert.deepEqual(parseProxyHeader(around, 3, around.length), { length: bytes.length, ...expected });
    assert.equal(parseProxyHeader(around, 3, 3 + bytes.length - 1), "incomplete");
  });
}

/** Each can become valid before its last byte, and no more with it. */
const HOPELESS_LINES = [
  ...["G", "\n", "p", "PO", "PROXY  ", "PROXY\t", "PROXY t", "PROXY TCP5", "PROXY UD"],
  ...[
    "PROXY UNKNOWNX",
    "PROXY UNKNOWN\t",
    "PROXY UNKNOWN \x80",
    "PROXY UNKNOWN\0",
    "PROXY UNKNOWN\n",
    "PROXY UNKNOWN\rX",
  ],
  ...["PROXY TCP4  ", "PROXY TCP4\r", "PROXY TCP4 256", "PROXY TCP4 01", "PROXY TCP4 1.2.3.4.", "PROXY TCP4 1.2.3 "],
  ...["PROXY TCP4 :", "PROXY TCP4 1.2.3.4  ", "PROXY TCP4 1.2.3.4\r", "PROXY TCP4 a", "PROXY TCP4 1..", "PROXY TCP4 ["],
  ...["PROXY TCP6 1.", "PROXY TCP6 g", "PROXY TCP6 12345", "PROXY TCP6 :::", "PROXY TCP6 1::2::", "PROXY TCP6 ["],
  ...["PROXY TCP6 ::1%", "PROXY TCP6 1:2:3:4:5:6:7:8:", "PROXY TCP6 ::1.2.3.256", "PROXY TCP6 1: "],
  ...["PROXY TCP4 1.2.3.4 1.2.3.4 00", "PROXY TCP4 1.2.3.4 1.2.3.4 01", "PROXY TCP4 1.2.3.4 1.2.3.4 65536"],
  ...["PROXY TCP4 1.2.3.4 1.2.3.4 +", "PROXY TCP4 1.2.3.4 1.2.3.4 1  ", "PROXY TCP4 1.2.3.4 1.2.3.4 1\r"],
  ...["PROXY TCP4 1.2.3.4 1.2.3.4 1 2 ", "PROXY TCP4 1.2.3.4 1.2.3.4 1 123456", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n"],
  ...["PROXY TCP4 1.2.3.4 1.2.3.4 1 2\rX", "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\r"],
  // With its CRLF one byte too long.
  ...[`PROXY UNKNOWN ${"x".repeat(92)}`, `PROXY TCP6 ${LONGEST.slice(10)}:255.255.255.255 ${LONGEST} 65535 655`],
];

Deno.test("parseProxyHeader() refuses a line at the byte with which it cannot become valid", () => {
  for (const text of HOPELESS_LINES) {
    refuses(latin1(text), JSON.stringify(text));
    assert.equal(parse(latin1(text.slice(0, -1))), "incomplete", `before the last byte of ${JSON.stringify(text)}`);
  }
});

Deno.test("parseProxyHeader() refuses whole lines that lack something", () => {
  for (const text of ["PROXY", "PROXY ", "PROXY TCP4", "PROXY TCP4 1.2.3.4 1.2.3.4 1", "PROXY TCP6 ::1 ::1 1 "]) {
    refuses(latin1(text + "\r\n"), text);
  }
});

const BAD_BINARY: [string, Uint8Array][] = [
  ["a broken signature", Uint8Array.from([0x0d, 0x0a, 0x0d, 0x0b])],
  ["an empty line before a request", latin1("\r\nGET / HTTP/1.1\r\n")],
  ["version 1 in binary", binary(0x11, 0x11, IPV4_ENDS).subarray(0, 13)],
  ["version 3", binary(0x31, 0x11, IPV4_ENDS).subarray(0, 13)],
  ["an unknown command", binary(0x22, 0x11, IPV4_ENDS).subarray(0, 13)],
  ["an unknown family", binary(0x21, 0x41, IPV4_ENDS).subarray(0, 14)],
  ["a family without a transport", binary(0x21, 0x10, IPV4_ENDS).subarray(0, 14)],
  ["a transport without a family", binary(0x21, 0x01, IPV4_ENDS).subarray(0, 14)],
  ["datagrams", binary(0x21, 0x12, IPV4_ENDS).subarray(0, 14)],
  ["a length without room for IPv4 ends", binary(0x21, 0x11, IPV4_ENDS, 11).subarray(0, 16)],
  ["a length without room for IPv6 ends", binary(0x21, 0x21, IPV4_ENDS, 35).subarray(0, 16)],
  ["a length without room for Unix paths", binary(0x21, 0x31, IPV4_ENDS, 215).subarray(0, 16)],
  ["more than 4 KiB of TLVs", binary(0x21, 0x11, [], 12 + 4097).subarray(0, 16)],
  ["more than 4 KiB to ignore", binary(0x20, 0x00, [], 4097).subarray(0, 16)],
  ["a TLV that breaks off", binary(0x21, 0x11, [...IPV4_ENDS, 0x04, 0])],
  ["a TLV longer than the header", binary(0x21, 0x11, [...IPV4_ENDS, 0x04, 0, 2, 0])],
  ["a TLV longer than the header, its value not there yet", binary(0x21, 0x11, [...IPV4_ENDS, 0x04, 1, 0], 20)],
  ["bytes behind the last TLV", binary(0x21, 0x00, [...tlv(0x04, []), 0])],
  ["a checksum of three bytes", binary(0x21, 0x11, [...IPV4_ENDS, ...tlv(0x03, [1, 2, 3])])],
  ["a wrong checksum", binary(0x21, 0x11, [...IPV4_ENDS, ...tlv(0x03, [1, 2, 3, 4])])],
  ["another source than was summed", withChecksum([], []).with(16, 193)],
  ["another TLV than was summed", withChecksum([], tlv(0x02, [97])).with(16 + 12 + 7 + 3, 98)],
];

for (const [what, bytes] of BAD_BINARY) {
  Deno.test(`parseProxyHeader() refuses ${what}`, () => refuses(bytes, what));
}

Deno.test("parseProxyHeader() refuses a checksum of five bytes, the first four of which are right", () => {
  const header = binary(0x21, 0x11, [...IPV4_ENDS, ...tlv(0x03, [0, 0, 0, 0, 0])]);
  header.set(crc32c(header), 16 + 12 + 3);
  refuses(header, "five bytes");
});

Deno.test("parseProxyHeader() refuses two checksums", () => {
  // The second one is right.
  refuses(withChecksum(tlv(0x03, [0, 0, 0, 0]), []), "two checksums");
});

Deno.test("the checksum is CRC-32C", () => {
  // The check value of the CRC catalogue.
  assert.deepEqual(crc32c(latin1("123456789")), [0xe3, 0x06, 0x92, 0x83]);
});

const near = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from([...SIGNATURE, ...bytes])),
  fc.array(fc.constantFrom(..."PROXYTCP46 UNKNOW:.0129af\r\n"), { maxLength: 60 }).map((x) => latin1(x.join(""))),
  fc.tuple(fc.constantFrom(...VALID.map(([, bytes]) => bytes)), fc.nat(), fc.nat(255)).map(([bytes, at, value]) =>
    bytes.with(at % bytes.length, value)
  ),
);

Deno.test("property: no bytes make parseProxyHeader() throw, and a header is never longer than what is there", () => {
  fc.assert(
    fc.property(near, (bytes) => {
      const result = parse(bytes);
      if (result === "incomplete" || result instanceof ProxyHeaderError) return;
      assert.ok(result.length <= bytes.length);
      assert.equal(result.source === null, result.destination === null);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("property: a verdict stands, whatever follows", () => {
  fc.assert(
    fc.property(near, fc.nat(), (bytes, cut) => {
      const early = parseProxyHeader(bytes, 0, cut % (bytes.length + 1)), whole = parse(bytes);
      if (early instanceof ProxyHeaderError) assert.ok(whole instanceof ProxyHeaderError);
      else if (early !== "incomplete") assert.deepEqual(early, whole);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("property: a line of any addresses and ports is read as written", () => {
  const port = fc.nat(65535);
  const four = fc.tuple(fc.ipV4(), fc.ipV4(), port, port).map((parts) => ["TCP4", ...parts].join(" "));
  const six = fc.tuple(fc.ipV6(), fc.ipV6(), port, port).map((parts) => ["TCP6", ...parts].join(" "));
  fc.assert(fc.property(fc.oneof(four, six), (text) => {
    const bytes = latin1(`PROXY ${text}\r\n`);
    fc.pre(bytes.length <= 107);
    const header = parse(bytes);
    assert.ok(header !== "incomplete" && !(header instanceof ProxyHeaderError));
    const [, , , source, destination] = text.split(" ");
    assert.equal(header.source?.port, Number(source));
    assert.equal(header.destination?.port, Number(destination));
    for (let to = 0; to < bytes.length; to++) assert.equal(parseProxyHeader(bytes, 0, to), "incomplete", `${to} bytes`);
  }));
});
