import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { HpackDecoder } from "../../../src/http/hpack/hpack_decoder.ts";
import { HpackError } from "../../../src/http/hpack/hpack_error.ts";
import { STATIC_TABLE } from "../../../src/http/hpack/static_table.ts";
import { huffmanBits, packed } from "./huffman_text.ts";

/** The fields of one block as `name: value`. */
function decode(decoder: HpackDecoder, bytes: Uint8Array): string[] {
  const fields: string[] = [], buffer = Buffer.from(bytes);
  decoder.decode(buffer, 0, buffer.length, { field: (name, value) => void fields.push(`${name}: ${value}`) });
  return fields;
}

const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(" ", ""));

const FIRST = [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"];
const SECOND = [...FIRST, "cache-control: no-cache"];
const THIRD = [
  ":method: GET",
  ":scheme: https",
  ":path: /index.html",
  ":authority: www.example.com",
  "custom-key: custom-value",
];
const DATE = "date: Mon, 21 Oct 2013 20:13:21 GMT", LOCATION = "location: https://www.example.com";
const FOUND = [":status: 302", "cache-control: private", DATE, LOCATION];
const TEMPORARY = [":status: 307", "cache-control: private", DATE, LOCATION];
const OK = [
  ":status: 200",
  "cache-control: private",
  "date: Mon, 21 Oct 2013 20:13:22 GMT",
  LOCATION,
  "content-encoding: gzip",
  "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
];

/** RFC 7541, Appendix C: blocks of one connection, with its table's size. */
const EXAMPLES: readonly [
  section: string,
  table: number,
  blocks: readonly [block: string, fields: readonly string[]][],
][] = [
  ["C.2.1", 4096, [["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", [
    "custom-key: custom-header",
  ]]]],
  ["C.2.2", 4096, [["040c 2f73 616d 706c 652f 7061 7468", [":path: /sample/path"]]]],
  ["C.2.3", 4096, [["1008 7061 7373 776f 7264 0673 6563 7265 74", ["password: secret"]]]],
  ["C.2.4", 4096, [["82", [":method: GET"]]]],
  ["C.3", 4096, [
    ["8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", FIRST],
    ["8286 84be 5808 6e6f 2d63 6163 6865", SECOND],
    ["8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65", THIRD],
  ]],
  ["C.4", 4096, [
    ["8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", FIRST],
    ["8286 84be 5886 a8eb 1064 9cbf", SECOND],
    ["8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", THIRD],
  ]],
  ["C.5", 256, [
    [
      "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 54" +
      "6e17 6874 7470 733a 2f2f 7777 772e 6578 616d 706c 652e 636f 6d",
      FOUND,
    ],
    ["4803 3330 37c1 c0bf", TEMPORARY],
    [
      "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738" +
      "666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630" +
      "303b 2076 6572 7369 6f6e 3d31",
      OK,
    ],
  ]],
  ["C.6", 256, [
    [
      "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
      FOUND,
    ],
    ["4883 640e ffc1 c0bf", TEMPORARY],
    [
      "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf" +
      "cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
      OK,
    ],
  ]],
];

for (const [section, table, blocks] of EXAMPLES) {
  Deno.test(`HpackDecoder reads RFC 7541 §${section}`, () => {
    const decoder = new HpackDecoder(table);
    for (const [block, fields] of blocks) assert.deepEqual(decode(decoder, hex(block)), fields);
  });
}

/** What breaks RFC 7541. */
const BROKEN: readonly [what: string, block: string][] = [
  ["index 0", "80"],
  ["an index beyond the static table and an empty dynamic one", "be"],
  ["a name's index beyond both tables", "7e 01 61"],
  ["a text that is cut off", "00 05 61 62"],
  ["a value that is missing", "00 01 61"],
  ["an integer that is cut off", "ff"],
  ["an integer that is cut off in its second byte", "ff 80"],
  ["an integer of more than 28 bits", "ff 80 80 80 80 01"],
  ["a length beyond the block", "00 7f ff ff ff 7f"],
  ["a size update above the setting", "3f e2 1f"],
  ["a size update behind a field", "82 20 01 61 01 62"],
  ["padding of eight ones", "00 01 61 82 1f ff"],
  ["padding of zeroes", "00 01 61 81 18"],
  ["the end of string", "00 01 61 84 ff ff ff ff"],
];

for (const [what, block] of BROKEN) {
  Deno.test(`HpackDecoder refuses ${what}`, () => {
    assert.throws(() => decode(new HpackDecoder(), hex(block)), HpackError);
  });
}

Deno.test("HpackDecoder follows size updates: to nothing and back, and several at once", () => {
  const decoder = new HpackDecoder();
  assert.deepEqual(decode(decoder, hex("40 01 61 01 62 be")), ["a: b", "a: b"]);
  assert.deepEqual(decode(decoder, hex("20 3f e1 1f 40 01 63 01 64")), ["c: d"]);
  assert.deepEqual(decode(decoder, hex("be")), ["c: d"]);
  assert.throws(() => decode(decoder, hex("bf")), HpackError);
});

Deno.test("HpackDecoder has the whole static table", () => {
  const all = Uint8Array.from(STATIC_TABLE, (_, i) => 0x80 | i + 1);
  assert.deepEqual(decode(new HpackDecoder(), all), STATIC_TABLE.map(([name, value]) => `${name}: ${value}`));
  assert.equal(STATIC_TABLE.length, 61);
});

/** How a field is sent: as a literal, kept or not, in Huffman code or not, or by an index if it can be. */
const sent = fc.record({
  name: fc.constantFrom("a", ":path", "cookie", "x-long-name", "set-cookie"),
  value: fc.uint8Array({ maxLength: 150 }),
  form: fc.constantFrom(0x40, 0x00, 0x10),
  coded: fc.boolean(),
});

function integer(first: number, prefix: number, value: number): number[] {
  const mask = (1 << prefix) - 1;
  if (value < mask) return [first | value];
  const bytes = [first | mask];
  for (value -= mask; value >= 128; value = Math.floor(value / 128)) bytes.push(value % 128 | 128);
  return [...bytes, value];
}

function text(bytes: Uint8Array, coded: boolean): number[] {
  const content = coded ? packed(huffmanBits(bytes)) : bytes;
  return [...integer(coded ? 0x80 : 0, 7, content.length), ...content];
}

Deno.test("HpackDecoder reads whatever an encoder may write, over many blocks of one connection", () => {
  fc.assert(
    fc.property(fc.array(fc.array(sent, { maxLength: 8 }), { maxLength: 12 }), (blocks) => {
      const decoder = new HpackDecoder(512), table: [string, string][] = [];
      for (const fields of blocks) {
        const bytes: number[] = [], expected: string[] = [];
        for (const { name, value, form, coded } of fields) {
          const content = String.fromCharCode(...value),
            known = table.findIndex(([n, v]) => n === name && v === content);
          expected.push(`${name}: ${content}`);
          if (known >= 0) {
            bytes.push(...integer(0x80, 7, known + 62));
            continue;
          }
          bytes.push(
            ...integer(form, form === 0x40 ? 6 : 4, 0),
            ...text(new TextEncoder().encode(name), coded),
            ...text(value, coded),
          );
          if (form !== 0x40) continue;
          table.unshift([name, content]);
          while (table.reduce((sum, [n, v]) => sum + n.length + v.length + 32, 0) > 512) table.pop();
        }
        assert.deepEqual(decode(decoder, Uint8Array.from(bytes)), expected);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("HpackDecoder either reads arbitrary bytes or throws HpackError, and never reads beyond them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const around = Buffer.from([...bytes, ...Array(20).fill(0x61)]);
      let alone: string[] | null = null, within: string[] | null = null;
      const attempt = (buffer: Buffer) => {
        const fields: string[] = [];
        new HpackDecoder().decode(buffer, 0, bytes.length, { field: (name, value) => void fields.push(name, value) });
        return fields;
      };
      try {
        alone = attempt(Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof HpackError);
      }
      try {
        within = attempt(around);
      } catch (error) {
        assert.ok(error instanceof HpackError);
      }
      assert.deepEqual(within, alone);
    }),
    { numRuns: 3_000 },
  );
});
