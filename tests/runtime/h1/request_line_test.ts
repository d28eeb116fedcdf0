import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { readRequestLine } from "../../../src/runtime/h1/request_line.ts";

const GOOD: readonly [line: string, method: string, target: string, http11: boolean][] = [
  ["GET / HTTP/1.1", "GET", "/", true],
  ["GET / HTTP/1.0", "GET", "/", false],
  ["GET / HTTP/1.2", "GET", "/", true],
  ["GET / HTTP/1.9", "GET", "/", true],
  ["OPTIONS * HTTP/1.1", "OPTIONS", "*", true],
  ["PATCH /a?b=c%20d HTTP/1.1", "PATCH", "/a?b=c%20d", true],
  // Taken apart and not judged: the target of the last is refused by whoever reads it.
  ["get\t/x y\x00 HTTP/1.1", "get\t/x", "y\x00", true],
  ["G /a b HTTP/1.1", "G", "/a b", true],
];

const BAD: readonly [line: string, status: number][] = [
  ["", 400],
  ["GET", 400],
  ["GET /", 400],
  ["GET HTTP/1.1", 400],
  ["GET  HTTP/1.1", 400],
  [" / HTTP/1.1", 400],
  ["GET /HTTP/1.1", 400],
  ["GET / HTTP/1.1 ", 400],
  ["GET / HTTP/1.1x", 400],
  ["GET / http/1.1", 400],
  ["GET / HTTP/1,1", 400],
  ["GET / HTTP/1.x", 400],
  ["GET / HTTP/11", 400],
  ["GET / XTTP/1.1", 400],
  ["GET / HTTP/01.1", 400],
  ["GET / HTTP/0.9", 505],
  ["GET / HTTP/2.0", 505],
  ["GET / HTTP/3.1", 505],
];

for (const [line, method, target, http11] of GOOD) {
  Deno.test(`readRequestLine() takes ${JSON.stringify(line)} apart`, () => {
    const result = readRequestLine(`${line}\r\nhost: HTTP/1.0\r\n\r\n`, line.length);
    assert.deepEqual(result, { method, target, http11 });
  });
}

for (const [line, status] of BAD) {
  Deno.test(`readRequestLine() refuses ${JSON.stringify(line)} with ${status}`, () => {
    const result = readRequestLine(`${line}\r\nhost: a\r\n\r\n`, line.length);
    assert.equal("status" in result ? result.status : result, status);
  });
}

Deno.test("property: readRequestLine() gives back what the line was made of, whatever follows", () => {
  const word = fc.string({ minLength: 1, unit: fc.constantFrom(..."GETx/?=&*:.-") });
  fc.assert(fc.property(word, word, fc.boolean(), fc.string(), (method, target, http11, behind) => {
    const line = `${method} ${target} HTTP/1.${http11 ? 1 : 0}`;
    assert.deepEqual(readRequestLine(line + "\r\n" + behind, line.length), { method, target, http11 });
  }));
});

Deno.test("property: readRequestLine() looks at nothing behind the line", () => {
  const part = fc.string({ unit: fc.constantFrom(..."GET / HTTP/1.10\r\n ") });
  fc.assert(fc.property(part, part, part, (line, behind, other) => {
    assert.deepEqual(
      readRequestLine(line + "\r" + behind, line.length),
      readRequestLine(line + "\r" + other, line.length),
    );
  }));
});
