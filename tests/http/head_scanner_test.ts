import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { FieldSet } from "../../src/core/field_set.ts";
import { HeadScanner, INCOMPLETE, MALFORMED, TOO_MANY_LINES } from "../../src/http/head_scanner.ts";
import { decodeLatin1 } from "../../src/http/latin1.ts";
import { TextHeaders } from "../../src/http/text_headers.ts";

function scan(text: string, maxLines = 100): { end: number; scanner: HeadScanner; headers: TextHeaders } {
  const scanner = new HeadScanner(maxLines), bytes = Buffer.from(text, "latin1");
  const end = scanner.scan(bytes, 0, bytes.length);
  return { end, scanner, headers: TextHeaders.scanned(decodeLatin1(bytes, 0, bytes.length), scanner) };
}

const BAD_HEADS: [string, string][] = [
  ["a space before the colon", "X\r\nA : b\r\n\r\n"],
  ["a folded line", "X\r\nA: b\r\n c\r\n\r\n"],
  ["a line that begins with a tab", "X\r\n\tA: b\r\n\r\n"],
  ["an empty name", "X\r\n: b\r\n\r\n"],
  ["no colon", "X\r\nAb\r\n\r\n"],
  ["a name with a slash", "X\r\nA/b: c\r\n\r\n"],
  ["a name above 0x7F", "X\r\nA\xe9: c\r\n\r\n"],
  ["NUL in a value", "X\r\nA: b\0c\r\n\r\n"],
  ["a bare CR in a value", "X\r\nA: b\rc\r\n\r\n"],
  ["a bare LF after a value", "X\r\nA: b\nB: c\r\n\r\n"],
  ["a bare LF at the end of the head", "X\r\nA: b\r\n\n"],
  ["a bare LF after the start line", "X\nA: b\r\n\r\n"],
  ["a bare CR at the end of the head", "X\r\nA: b\r\n\rX"],
  ["DEL in a value", "X\r\nA: \x7f\r\n\r\n"],
  ["an escape character in the start line", "X\x1b\r\n\r\n"],
];

for (const [what, head] of BAD_HEADS) {
  Deno.test(`scan() refuses ${what} (RFC 9112 §2.2, §5)`, () => assert.equal(scan(head).end, MALFORMED));
}

Deno.test("scan() finds lines, values and the body's start", () => {
  const { end, scanner, headers } = scan("GET / HTTP/1.1\r\nHost: a\r\nX-B:\t c \t\r\nx-empty:\r\n\r\nbody");
  assert.equal(end, "GET / HTTP/1.1\r\nHost: a\r\nX-B:\t c \t\r\nx-empty:\r\n\r\n".length);
  assert.equal(scanner.startLineEnd, "GET / HTTP/1.1".length);
  assert.deepEqual(headers.flat(), ["host", "a", "x-b", "c", "x-empty", ""]);
  assert.equal(headers.get("x-b"), "c");
  assert.equal(headers.get("x-c"), null);
});

Deno.test("scan() says when there are too many lines, and takes as many as allowed", () => {
  const lines = (count: number) => "X\r\n" + "a: b\r\n".repeat(count) + "\r\n";
  assert.ok(scan(lines(5), 5).end > 0);
  assert.equal(scan(lines(6), 5).end, TOO_MANY_LINES);
});

Deno.test("text() forwards lines as they came, without the dropped ones", () => {
  const { headers } = scan("X\r\nA:1\r\nHost: h\r\nB:  2\r\nvia: v\r\nC: 3\r\n\r\n");
  assert.equal(headers.text(new FieldSet(["host", "via"])), "A:1\r\nB:  2\r\nC: 3\r\n");
  assert.equal(headers.text(new FieldSet(["b"])), "A:1\r\nHost: h\r\nvia: v\r\nC: 3\r\n");
  assert.equal(headers.text(new FieldSet(["a", "b", "c", "host", "via"])), "");
});

Deno.test("property: a valid head scans the same whatever comes behind it, and every shorter piece is incomplete", () => {
  const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/),
    value = fc.stringMatching(/^[\x21-\x7e\x80-\xff]([\t -~\x80-\xff]{0,20}[\x21-\x7e\x80-\xff])?$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), fc.string({ maxLength: 10 }), (fields, rest) => {
      const head = "HTTP/1.1 200 OK\r\n" + fields.map(([n, v]) => `${n}: ${v}\r\n`).join("") + "\r\n";
      const { end, headers } = scan(head + rest);
      assert.equal(end, head.length);
      assert.deepEqual(headers.flat(), fields.flatMap(([n, v]) => [n.toLowerCase(), v]));
      const bytes = Buffer.from(head, "latin1"), scanner = new HeadScanner(100);
      for (let cut = 0; cut < head.length; cut++) assert.equal(scanner.scan(bytes, 0, cut), INCOMPLETE);
    }),
  );
});

Deno.test("property: arbitrary bytes never throw nor make the scanner read past the end", () => {
  const byte = fc.constantFrom(..."AZ: \t\r\n\0\x7f\xff-/".split("").map((c) => c.charCodeAt(0)));
  fc.assert(fc.property(fc.array(byte, { maxLength: 60 }), (bytes) => {
    const scanner = new HeadScanner(10), padded = new Uint8Array([...bytes, 0x0d, 0x0a, 0x0d, 0x0a]);
    const end = scanner.scan(padded, 0, bytes.length);
    assert.ok(end <= bytes.length && end >= TOO_MANY_LINES);
  }));
});
