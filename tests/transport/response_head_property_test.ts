import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { edited } from "../../bench/fuzz/generate/mutate.ts";
import { readResponseHead, type ResponseReading } from "../../bench/fuzz/models/response_model.ts";
import { HeadScanner } from "../../src/http/head_scanner.ts";
import { parseResponseHead, ProtocolError } from "../../src/transport/response_head.ts";

const MAX_LINES = 6;
/** What the parser makes of `text`, standing at `from` with `behind` after it. */
function parse(text: string, from: number, behind: string, method: string): ResponseReading | null | "refused" {
  const scanner = new HeadScanner(MAX_LINES);
  const bytes = Buffer.from("HTTP/1.1 ".repeat(4).slice(0, from) + text + behind, "latin1");
  try {
    const head = parseResponseHead(scanner, bytes, from, from + text.length, method);
    if (head === null) return null;
    const { status, framing, length, keepAlive, bodyStart } = head;
    return { status, fields: head.headers.flat(), framing, length, keepAlive, bodyStart: bodyStart - from };
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    return "refused";
  }
}

const statusLine = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/1.1 204 ", "HTTP/1.1 304") },
  fc.constantFrom(
    ...["HTTP/1.1 100 Continue", "HTTP/1.1 599 \xe9\t", "HTTP/1.1 099 x", "HTTP/1.1 600 x", "HTTP/1.1 2000"],
    ...["HTTP/1.2 200 OK", "HTTP/1.1  200 OK", "HTTP/1.1\t200 OK", "http/1.1 200 OK", "HTTP/1.1 20", "", "ICY 200"],
  ),
);
const line = fc.constantFrom(
  ...["Content-Length: 3", "content-length:0", "Content-Length: 3, 3", "Content-Length: +3", "Content-Length: 0x3"],
  ...["Content-Length:", "Content-Length: 999999999999999", "Content-Length: 1000000000000000"],
  ...["Content-Length: 3\xa0", "Transfer-Encoding: chunked", "transfer-encoding:\tChunked "],
  ...["Transfer-Encoding: gzip, chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding:", "Set-Cookie: a=\xff"],
  ...["Connection: close", "connection: Keep-Alive, x-b", "Connection:", "Connection: x-b,CLOSE", "X-B: 1"],
  "Connection: content-length ,\tclose",
);
const edit = fc.tuple(
  fc.nat(),
  fc.nat(2),
  fc.constantFrom("", "\r", "\n", "\r\n", " ", "\t", ":", "\0", "\xff", "9"),
);
/** Heads with every kind of framing field, right and wrong, broken in up to two places. */
const head = fc.tuple(statusLine, fc.array(line, { maxLength: MAX_LINES + 1 }), fc.array(edit, { maxLength: 2 })).map(
  ([first, lines, edits]) => edited([first, ...lines, "", "body"].join("\r\n"), edits),
);
const method = fc.constantFrom("GET", "HEAD", "POST");

Deno.test("property: parseResponseHead() has the verdict of a model on mutated heads and throws nothing but ProtocolError", () => {
  fc.assert(
    fc.property(head, fc.nat(20), method, (text, from, method) => {
      assert.deepEqual(parse(text, from, "", method), readResponseHead(text, MAX_LINES, method));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("property: parseResponseHead() reads nothing behind its range, wherever that ends", () => {
  fc.assert(
    fc.property(head, method, (text, method) => {
      for (let to = 0; to <= text.length; to++) {
        const piece = text.slice(0, to), expected = readResponseHead(piece, MAX_LINES, method);
        // What really follows, and what would end the head, begin a value or break it.
        for (const behind of [text.slice(to), "\r\n\r\n", "\n", "9\r\n", "\0\0"]) {
          assert.deepEqual(
            parse(piece, 3, behind, method),
            expected,
            `the first ${to} bytes, then ${JSON.stringify(behind)}`,
          );
        }
      }
    }),
    { numRuns: 40 },
  );
});
