/** The HTTP/1.1 client: the parser of response heads and the readers of bodies, against a model, in pieces. @module */

import { Buffer } from "node:buffer";
import { HeadScanner } from "../../../src/http/head_scanner.ts";
import { MAX_HEAD_LINES } from "../../../src/transport/connection.ts";
import { parseResponseHead, ProtocolError } from "../../../src/transport/response_head.ts";
import { cutsOf, describeCuts, type Input } from "../generate/input.ts";
import { generateResponse } from "../generate/response.ts";
import type { Xorshift } from "../generate/xorshift.ts";
import { readAnswer, readResponseHead } from "../models/response_model.ts";
import type { Subject } from "../subject.ts";
import { ClientAnswers } from "./client_answer.ts";

/** {@link parseResponseHead}, and the whole client that uses it. */
export class Responses implements Subject {
  readonly id = "responses";
  readonly generate = generateResponse;
  readonly #client = new ClientAnswers();

  async check({ text, method }: Input, random: Xorshift): Promise<string | null> {
    const cut = random.below(text.length), begun = text.slice(0, cut);
    const head = parsedHead(begun, text.slice(cut), method);
    const expected = JSON.stringify(readResponseHead(begun, MAX_HEAD_LINES, method));
    if (head !== expected) return `the head in the first ${cut} bytes is ${head}, not ${expected}`;

    const model = JSON.stringify(readAnswer(text, MAX_HEAD_LINES, method));
    for (const cuts of [[], cutsOf(random, text)]) {
      const answer = JSON.stringify(await this.#client.read(text, cuts, method));
      if (answer !== model) return `${describeCuts(cuts)}, the answer is ${answer}, not ${model}`;
    }
    return null;
  }
}

/** The head in `text` with `behind` after it, where nobody may look; as JSON. */
function parsedHead(text: string, behind: string, method: string): string {
  const bytes = Buffer.from(text + behind, "latin1"), scanner = new HeadScanner(MAX_HEAD_LINES);
  try {
    const head = parseResponseHead(scanner, bytes, 0, text.length, method);
    if (head === null) return "null";
    const { status, headers, framing, length, keepAlive, bodyStart } = head;
    return JSON.stringify({ status, fields: headers.flat(), framing, length, keepAlive, bodyStart });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return JSON.stringify("refused");
  }
}
