/** The connection behind an attempt's 101. @module */

import type { ByteStream } from "../core/byte_stream.ts";
import type { AnswerEnd } from "./attempt_body.ts";
import type { OutcomeCode } from "./outcome_set.ts";

/** Its end is the attempt's. */
export class AttemptTunnel implements ByteStream {
  readonly #attempt: AnswerEnd;
  readonly #stream: ByteStream;
  readonly #code: OutcomeCode;

  constructor(attempt: AnswerEnd, stream: ByteStream, code: OutcomeCode) {
    this.#attempt = attempt;
    this.#stream = stream;
    this.#code = code;
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#stream.read(into);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#stream.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#stream.closeWrite();
  }

  close(): void {
    this.#stream.close();
    this.#attempt.end(this.#code);
  }
}
