import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { decodeAnswer, type DnsType, encodeQuestion } from "../../../src/upstreams/discovery/dns_message.ts";

const ID = 0x1234;
const A_API_TEST = "03 617069 04 74657374 00 0001 0001";
/** An answer with one record, whose owner points at the question's name. */
const ONE_A = `1234 8180 0001 0001 0000 0000 ${A_API_TEST} c00c 0001 0001 0000003c 0004 0a000001`;

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(hex.replaceAll(" ", ""));
}

function decode(hex: string, type: DnsType = "A", name = "api.test") {
  return decodeAnswer(bytes(hex), ID, { name, type });
}

Deno.test("encodeQuestion() writes a recursive question (RFC 1035 §4.1)", () => {
  const table: readonly [name: string, type: DnsType, hex: string][] = [
    ["api.test", "A", `1234 0100 0001 0000 0000 0000 ${A_API_TEST}`],
    ["api.test.", "A", `1234 0100 0001 0000 0000 0000 ${A_API_TEST}`],
    ["api.test", "AAAA", "1234 0100 0001 0000 0000 0000 03 617069 04 74657374 00 001c 0001"],
    ["_a.test", "SRV", "1234 0100 0001 0000 0000 0000 02 5f61 04 74657374 00 0021 0001"],
  ];
  for (const [name, type, hex] of table) assert.deepEqual(encodeQuestion(ID, { name, type }), bytes(hex), name);
});

Deno.test("encodeQuestion() refuses names that no message can hold", () => {
  const label = "a".repeat(63), longest = [label, label, label, "a".repeat(61)].join(".");
  assert.equal(encodeQuestion(ID, { name: longest, type: "A" }).length, 12 + 255 + 4);
  for (const name of ["", ".", "a..b", ".a", "a..", `${"a".repeat(64)}.test`, `${longest}a`]) {
    assert.throws(() => encodeQuestion(ID, { name, type: "A" }), RangeError, JSON.stringify(name));
  }
});

Deno.test("decodeAnswer() reads addresses, services, aliases and codes", () => {
  const well = { code: 0, truncated: false, addresses: [], services: [], ttl: null };
  const alias = "c00c 0005 0001 0000000a 0002 c00c";
  const v6 = "c00c 001c 0001 0000003c 0010 20010db8000000000000000000000001";
  const srv = "c00c 0021 0001 00000007 0008 000a 0005 1f90 c00c";
  const question = (type: string) => `03 617069 04 74657374 00 ${type} 0001`;
  const table: readonly [what: string, type: DnsType, hex: string, answer: unknown][] = [
    ["an address", "A", ONE_A, { ...well, addresses: ["10.0.0.1"], ttl: 60_000 }],
    [
      "an alias, whose life counts",
      "A",
      `1234 8180 0001 0002 0000 0000 ${A_API_TEST} ${alias} c00c 0001 0001 0000003c 0004 0a000001`,
      { ...well, addresses: ["10.0.0.1"], ttl: 10_000 },
    ],
    [
      "records of other types, passed over",
      "A",
      `1234 8180 0001 0002 0000 0000 ${A_API_TEST} ${v6} c00c 0001 0001 0000003c 0004 0a000001`,
      { ...well, addresses: ["10.0.0.1"], ttl: 60_000 },
    ],
    [
      "IPv6",
      "AAAA",
      `1234 8180 0001 0001 0000 0000 ${question("001c")} ${v6}`,
      { ...well, addresses: ["2001:db8::1"], ttl: 60_000 },
    ],
    ["a service", "SRV", `1234 8180 0001 0001 0000 0000 ${question("0021")} ${srv}`, {
      ...well,
      services: [{ priority: 10, weight: 5, port: 8080, target: "api.test" }],
      ttl: 7_000,
    }],
    [
      "a service that is not there",
      "SRV",
      `1234 8180 0001 0001 0000 0000 ${question("0021")} ${srv.replace("0008", "0007").replace(/c00c$/, "00")}`,
      { ...well, services: [{ priority: 10, weight: 5, port: 8080, target: "" }], ttl: 7_000 },
    ],
    [
      "a life of 2³¹ s or more, which is none",
      "A",
      ONE_A.replace("0000003c", "80000000"),
      { ...well, addresses: ["10.0.0.1"], ttl: 0 },
    ],
    ["nothing", "A", `1234 8180 0001 0000 0000 0000 ${A_API_TEST}`, well],
    ["an error", "A", `1234 8183 0001 0000 0000 0000 ${A_API_TEST}`, { ...well, code: 3 }],
    ["a truncated answer", "A", `1234 8380 0001 0000 0000 0000 ${A_API_TEST}`, { ...well, truncated: true }],
    ["one that is cut inside a record", "A", ONE_A.replace("8180", "8380").slice(0, -8), { ...well, truncated: true }],
    ["a name in capitals", "A", ONE_A.replace("617069", "415049"), { ...well, addresses: ["10.0.0.1"], ttl: 60_000 }],
  ];
  for (const [what, type, hex, answer] of table) assert.deepEqual(decode(hex, type), answer, what);
});

Deno.test("decodeAnswer() takes only an answer to its question", () => {
  assert.notEqual(decode(ONE_A), null);
  assert.notEqual(decode(ONE_A.replace("c00c", `${"3f".padEnd(128, "61").repeat(3)}00`)), null);
  const table: readonly [what: string, hex: string][] = [
    ["another id", ONE_A.replace("1234", "1235")],
    ["a question", ONE_A.replace("8180", "0180")],
    ["another operation", ONE_A.replace("8180", "a980")],
    ["another name", ONE_A.replace("617069", "617068")],
    ["another type asked", ONE_A.replace("00 0001 0001", "00 001c 0001")],
    ["another class asked", ONE_A.replace("00 0001 0001", "00 0001 0003")],
    ["no question", ONE_A.replace("8180 0001", "8180 0000")],
    ["fewer records than it says", ONE_A.replace("0001 0001 0000", "0001 0002 0000")],
    ["a record longer than the message", ONE_A.replace("0004 0a", "0005 0a")],
    ["an address of three bytes", ONE_A.replace("0004 0a000001", "0003 0a0000")],
    ["an address of five bytes", ONE_A.replace("0004 0a000001", "0005 0a00000100")],
    ["a name that points at itself", ONE_A.replace("c00c 0001", "c01a 0001")],
    ["a name that points forwards", ONE_A.replace("c00c 0001", "c01c 0001")],
    ["a name of more than 255 bytes", ONE_A.replace("c00c", `${"3f".padEnd(128, "61").repeat(4)}00`)],
    ["a label of a kind that does not exist", ONE_A.replace("c00c", `${"80".padEnd(258, "61")}00`)],
    [
      "a record of another type, longer than the message",
      ONE_A.replace("c00c 0001", "c00c 0010").replace("0004", "0005"),
    ],
  ];
  for (const [what, hex] of table) assert.equal(decode(hex), null, what);
  for (let length = 0; length < bytes(ONE_A).length; length++) {
    assert.equal(decodeAnswer(bytes(ONE_A).subarray(0, length), ID, { name: "api.test", type: "A" }), null);
  }
});

Deno.test("decodeAnswer() neither throws nor hangs, whatever comes", () => {
  const start = bytes(`1234 8180 0001 0003 0000 0000 ${A_API_TEST}`);
  // Bytes that make pointers and short labels, so that names are walked.
  const tail = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0xc0, 0, 1, 12, start.length, start.length + 2)));
  fc.assert(fc.property(tail, fc.constantFrom<DnsType>("A", "AAAA", "SRV"), (more, type) => {
    decodeAnswer(new Uint8Array([...start, ...more]), ID, { name: "api.test", type });
    decodeAnswer(new Uint8Array(more), ID, { name: "api.test", type });
  }));
});
