/** The scanner of heads, against its model, at the whole input and at two places before its end. @module */

import { Buffer } from "node:buffer";
import { HeadScanner } from "../../../src/http/head_scanner.ts";
import { decodeLatin1 } from "../../../src/http/latin1.ts";
import { TextHeaders } from "../../../src/http/text_headers.ts";
import { generateRequest } from "../generate/request.ts";
import { generateResponse } from "../generate/response.ts";
import { readHead } from "../models/head_model.ts";
import type { Subject } from "../subject.ts";

/** Few, so that heads with more are met. */
const MAX_LINES = 9;
/** What stands before and behind the piece that is scanned: it would change the result of a scanner that looked. */
const BEFORE = "HTTP/1.1 200 OK\r\nA: b\r\n", BEHIND = "\r\n\r\n";

/** {@link HeadScanner} and {@link TextHeaders}. */
export const heads: Subject = {
  id: "heads",
  generate: (random) => random.oneIn(2) ? generateRequest(random) : generateResponse(random),
  check({ text }, random) {
    const scanner = new HeadScanner(MAX_LINES), from = random.below(BEFORE.length + 1);
    const bytes = Buffer.from(BEFORE.slice(0, from) + text + BEHIND, "latin1");
    for (const length of [text.length, random.below(text.length), random.below(text.length)]) {
      const model = readHead(text.slice(0, length), MAX_LINES), end = scanner.scan(bytes, from, from + length);
      if ((end > 0 ? end - from : end) !== model.end) {
        return `the first ${length} bytes end at ${end}, not ${model.end}`;
      }
      if (end <= 0) continue;
      if (scanner.startLineEnd !== model.startLine.length) return `the start line ends at ${scanner.startLineEnd}`;
      const fields = TextHeaders.scanned(decodeLatin1(bytes, from, end), scanner).flat();
      if (fields.join("\n") !== model.fields.join("\n")) return `the fields are ${JSON.stringify(fields)}`;
    }
    return null;
  },
};
