/** The heads of one connection, as their bytes come in. @module */

import type { Client } from "../../core/exchange.ts";
import type { ReadBuffer } from "../../transport/read_buffer.ts";
import type { Refusal } from "../intake/refusal.ts";
import type { H1Exchange } from "./h1_exchange.ts";
import type { RequestReader } from "./request_reader.ts";

/** Empty lines before a request line that are let pass (RFC 9112 §2.2). */
const MOST_BLANK_LINES = 2;

const CR = 0x0d, LF = 0x0a;

/** Asks the reader only when there may be something new to read: a head that comes byte by byte is not scanned for each. */
export class HeadIntake {
  readonly #reader: RequestReader;
  readonly #headerBytes: number;
  /** Bytes of the head that have been scanned in vain. */
  #scanned = 0;
  #blankLines = 0;

  /** @param headerBytes most bytes of a head */
  constructor(reader: RequestReader, headerBytes: number) {
    this.#reader = reader;
    this.#headerBytes = headerBytes;
  }

  /** Whether a head has begun in the buffer; empty lines before it are taken out. */
  begins(buffer: ReadBuffer): boolean {
    while (this.#blankLines < MOST_BLANK_LINES && buffer.length >= 2) {
      if (buffer.bytes[buffer.start] !== CR || buffer.bytes[buffer.start + 1] !== LF) break;
      buffer.start += 2;
      this.#blankLines++;
    }
    return buffer.length > 1 || (buffer.length === 1 && buffer.bytes[buffer.start] !== CR);
  }

  /** Takes the head out of the buffer, as {@link RequestReader.read}; `null` while bytes are missing. */
  take(buffer: ReadBuffer, client: Client): H1Exchange | Refusal | null {
    if (this.#scanned > 0 && buffer.length < this.#headerBytes && !this.#hasNewLine(buffer)) {
      this.#scanned = buffer.length;
      return null;
    }
    const result = this.#reader.read(buffer, client);
    this.#scanned = result === null ? buffer.length : 0;
    if (result !== null) this.#blankLines = 0;
    return result;
  }

  #hasNewLine({ bytes, start, end }: ReadBuffer): boolean {
    const at = bytes.indexOf(LF, start + this.#scanned);
    return at >= 0 && at < end;
  }
}
