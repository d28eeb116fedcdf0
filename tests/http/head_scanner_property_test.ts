import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { edited } from "../../bench/fuzz/generate/mutate.ts";
import { readHead } from "../../bench/fuzz/models/head_model.ts";
import { HeadScanner } from "../../src/http/head_scanner.ts";
import { decodeLatin1 } from "../../src/http/latin1.ts";
import { TextHeaders } from "../../src/http/text_headers.ts";

const MAX_LINES = 5;

const line = fc.constantFrom("Host: a", "x-b:\tc d \t", "Via:", "Set-Cookie: \xe9=1", "content-length: 3", "A:b");
const edit = fc.tuple(
  fc.nat(),
  fc.nat(2),
  fc.constantFrom("", "\r", "\n", "\r\n", "\r\n ", " ", "\t", ":", "\0", "\x7f", "\xff", "/", "X", "\r\nY: z"),
);
/** Heads that are whole or broken in up to three places. */
const head = fc.tuple(fc.array(line, { maxLength: MAX_LINES + 2 }), fc.array(edit, { maxLength: 3 })).map(
  ([lines, edits]) => edited(["GET /a HTTP/1.1", ...lines, "", "rest"].join("\r\n"), edits),
);

Deno.test("property: scan() has the verdict and the fields of a model, for a mutated head and each shorter piece", () => {
  fc.assert(
    fc.property(head, fc.nat(20), (text, from) => {
      // What stands before and behind the piece would make another head of it.
      const bytes = Buffer.from("A: b\r\n".repeat(4).slice(0, from) + text + "\r\n\r\n", "latin1");
      const scanner = new HeadScanner(MAX_LINES);
      const before = bytes.length - 4 - text.length;
      for (let to = 0; to <= text.length; to++) {
        const model = readHead(text.slice(0, to), MAX_LINES);
        const end = scanner.scan(bytes, before, before + to);
        assert.equal(end > 0 ? end - before : end, model.end, `the first ${to} bytes`);
        if (end <= 0) continue;
        const headers = TextHeaders.scanned(decodeLatin1(bytes, before, end), scanner);
        assert.equal(scanner.startLineEnd, model.startLine.length);
        assert.deepEqual(headers.flat(), model.fields);
      }
    }),
    { numRuns: 500 },
  );
});
