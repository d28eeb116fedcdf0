/** The chunked transfer coding, decoded in place. @module */

import { BAD, TOKEN_LOWER, VALUE_CLASS } from "./byte_classes.ts";
import { hexDigit } from "../core/hex_digit.ts";
import { withoutBlanks } from "./without_blanks.ts";

const enum State {
  Size,
  /** White space that an extension must follow (RFC 9112 §7.1.1). */
  SizeBlank,
  Extension,
  SizeLf,
  Data,
  DataCr,
  DataLf,
  TrailerStart,
  TrailerName,
  TrailerValue,
  TrailerLf,
  FinalLf,
  Done,
}

/** More hex digits than any real chunk has; keeps sizes within exact integers. */
const MAX_SIZE_DIGITS = 12;
const MAX_EXTENSION_BYTES = 1024;
const MAX_TRAILER_BYTES = 8192;

const CR = 0x0d, LF = 0x0a, SPACE = 0x20, TAB = 0x09, SEMICOLON = 0x3b, COLON = 0x3a;

/** Thrown on framing that breaks RFC 9112 §7.1. */
export class ChunkError extends Error {
  override readonly name = "ChunkError";
}

/**
 * Takes chunked bytes in pieces of any size. Chunk extensions are checked and dropped, trailers are kept; every byte of
 * the framing is validated, nothing is repaired.
 */
export class ChunkedDecoder {
  #state: State = State.Size;
  #left = 0;
  #digits = 0;
  #extra = 0;
  /** The trailer line so far, one character a byte. */
  #line = "";
  #trailers: string[] | null = null;
  /** Bytes of the piece that the last {@link decode} used: less than all only when the body ended within it. */
  consumed = 0;

  /** Trailer fields so far as `[name, value, …]`, names in lower case; `null` for none. */
  get trailers(): readonly string[] | null {
    return this.#trailers;
  }

  /** Whether the last chunk and the trailers are through. */
  get done(): boolean {
    return this.#state === State.Done;
  }

  /**
   * Decodes `bytes[from, to)` in place: the data moves to `from`.
   * @returns how many bytes of data there were; {@link consumed} says how many bytes were used
   * @throws ChunkError when the framing is broken
   */
  decode(bytes: Uint8Array, from: number, to: number): number {
    let i = from, out = from;
    while (i < to && this.#state !== State.Done) {
      if (this.#state === State.Data) {
        const take = Math.min(this.#left, to - i);
        if (out !== i) bytes.copyWithin(out, i, i + take);
        out += take;
        i += take;
        this.#left -= take;
        if (this.#left === 0) this.#state = State.DataCr;
      } else {
        this.#frame(bytes[i++]);
      }
    }
    this.consumed = i - from;
    return out - from;
  }

  /** One byte that is not data. */
  #frame(byte: number): void {
    switch (this.#state) {
      case State.Size:
        return this.#size(byte);
      case State.SizeBlank:
        if (byte === SEMICOLON) this.#state = State.Extension;
        else this.#blank(byte);
        return;
      case State.Extension:
        if (byte === CR) this.#state = State.SizeLf;
        else if (VALUE_CLASS[byte] === BAD || ++this.#extra > MAX_EXTENSION_BYTES) {
          throw new ChunkError("bad chunk extension");
        }
        return;
      case State.SizeLf:
        this.#expect(byte, LF);
        this.#digits = this.#extra = 0;
        this.#state = this.#left === 0 ? State.TrailerStart : State.Data;
        return;
      case State.DataCr:
        this.#expect(byte, CR);
        this.#state = State.DataLf;
        return;
      case State.DataLf:
        this.#expect(byte, LF);
        this.#state = State.Size;
        return;
      default:
        return this.#trailer(byte);
    }
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (++this.#digits > MAX_SIZE_DIGITS) throw new ChunkError("chunk size too long");
      this.#left = this.#left * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw new ChunkError("chunk size missing");
    if (byte === CR) this.#state = State.SizeLf;
    else if (byte === SEMICOLON) this.#state = State.Extension;
    else {
      this.#blank(byte);
      this.#state = State.SizeBlank;
    }
  }

  #blank(byte: number): void {
    if ((byte !== SPACE && byte !== TAB) || ++this.#extra > MAX_EXTENSION_BYTES) throw new ChunkError("bad chunk size");
  }

  #trailer(byte: number): void {
    if (++this.#extra > MAX_TRAILER_BYTES) throw new ChunkError("trailers too long");
    switch (this.#state) {
      case State.TrailerStart:
        if (byte === CR) {
          this.#state = State.FinalLf;
          return;
        }
        this.#state = State.TrailerName;
        return this.#trailerName(byte);
      case State.TrailerName:
        if (byte !== COLON) return this.#trailerName(byte);
        (this.#trailers ??= []).push(this.#line);
        this.#line = "";
        this.#state = State.TrailerValue;
        return;
      case State.TrailerValue:
        if (byte === CR) this.#state = State.TrailerLf;
        else if (VALUE_CLASS[byte] === BAD) throw new ChunkError("bad trailer");
        else this.#line += String.fromCharCode(byte);
        return;
      case State.TrailerLf:
        this.#expect(byte, LF);
        this.#trailers!.push(withoutBlanks(this.#line));
        this.#line = "";
        this.#state = State.TrailerStart;
        return;
      case State.FinalLf:
        this.#expect(byte, LF);
        this.#state = State.Done;
        return;
    }
  }

  #trailerName(byte: number): void {
    const lower = TOKEN_LOWER[byte];
    if (lower === 0) throw new ChunkError("bad trailer");
    this.#line += String.fromCharCode(lower);
  }

  #expect(byte: number, wanted: number): void {
    if (byte !== wanted) throw new ChunkError("chunk not ended by CRLF");
  }
}
