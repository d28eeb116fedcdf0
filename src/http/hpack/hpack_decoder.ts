/** Field blocks as a peer compressed them (RFC 7541). @module */

import { Buffer } from "node:buffer";
import { decodeLatin1 } from "../latin1.ts";
import { DynamicTable } from "./dynamic_table.ts";
import { HpackError } from "./hpack_error.ts";
import { decodeHuffman, MOST_SYMBOLS_PER_BYTE } from "./huffman_decoder.ts";
import { STATIC_TABLE } from "./static_table.ts";

/** Who is told of the fields of a block. */
export interface FieldSink {
  /** A field, in order; name and value in characters up to U+00FF, as they came and not judged. */
  field(name: string, value: string): void;
}

/** SETTINGS_HEADER_TABLE_SIZE as long as nobody says otherwise (RFC 9113 §6.5.2). */
export const DEFAULT_TABLE_BYTES = 4096;

/** Forms of a field in its first byte (RFC 7541 §6). */
const INDEXED = 0x80, INCREMENTAL = 0x40, SIZE_UPDATE = 0x20;
const HUFFMAN = 0x80;
/** Bits of the integer beside the form. */
const INDEXED_PREFIX = 7, INCREMENTAL_PREFIX = 6, SIZE_PREFIX = 5, LITERAL_PREFIX = 4, STRING_PREFIX = 7;
/** Continuation bytes of an integer: four hold 2^28, and nothing here is nearly as large (§5.1 wants a limit). */
const MOST_SHIFT = 21;
const FIRST_SCRATCH = 1024;

/**
 * Decodes the blocks of one connection, in order and all of them: each may change the dynamic table. What is done with
 * the fields, and how many of them are kept, is the sink's affair.
 */
export class HpackDecoder {
  readonly #table: DynamicTable;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  /** Texts out of their Huffman code. */
  #scratch = Buffer.alloc(FIRST_SCRATCH);

  /** @param tableBytes the dynamic table's size as our SETTINGS announce it */
  constructor(tableBytes: number = DEFAULT_TABLE_BYTES) {
    this.#table = new DynamicTable(tableBytes);
  }

  /** Decodes the whole block in `bytes[start, end)`. @throws HpackError where it breaks RFC 7541 */
  decode(bytes: Buffer, start: number, end: number, sink: FieldSink): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    while (this.#at < end && this.#isSizeUpdate(bytes[this.#at])) this.#resize();
    while (this.#at < end) this.#field(bytes[this.#at], sink);
  }

  #isSizeUpdate(first: number): boolean {
    return (first & (INDEXED | INCREMENTAL | SIZE_UPDATE)) === SIZE_UPDATE;
  }

  #resize(): void {
    const size = this.#integer(SIZE_PREFIX);
    if (size > this.#table.most) throw new HpackError(`a table of ${size} bytes is more than was offered`);
    this.#table.resize(size);
  }

  #field(first: number, sink: FieldSink): void {
    if ((first & INDEXED) !== 0) {
      const index = this.#integer(INDEXED_PREFIX), fixed = STATIC_TABLE[index - 1];
      if (fixed !== undefined) return sink.field(fixed[0], fixed[1]);
      const place = this.#place(index);
      return sink.field(this.#table.name(place), this.#table.value(place));
    }
    // Only the beginning of a block may resize (§4.2).
    if (this.#isSizeUpdate(first)) throw new HpackError("the table's size changes behind a field");
    const kept = (first & INCREMENTAL) !== 0;
    const index = this.#integer(kept ? INCREMENTAL_PREFIX : LITERAL_PREFIX);
    const name = index === 0 ? this.#text() : STATIC_TABLE[index - 1]?.[0] ?? this.#table.name(this.#place(index));
    const value = this.#text();
    if (kept) this.#table.add(name, value);
    sink.field(name, value);
  }

  /** Where in the dynamic table an index points to. */
  #place(index: number): number {
    const place = index - STATIC_TABLE.length - 1;
    if (place < 0 || place >= this.#table.count) throw new HpackError(`there is no field ${index}`);
    return place;
  }

  /** RFC 7541 §5.1. */
  #integer(prefix: number): number {
    const mask = (1 << prefix) - 1;
    let value = this.#bytes[this.#at++] & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= MOST_SHIFT; shift += 7) {
      if (this.#at >= this.#end) throw new HpackError("an integer is cut off");
      const byte = this.#bytes[this.#at++];
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new HpackError("an integer is too large");
  }

  /** RFC 7541 §5.2. */
  #text(): string {
    if (this.#at >= this.#end) throw new HpackError("a text is missing");
    const coded = (this.#bytes[this.#at] & HUFFMAN) !== 0, length = this.#integer(STRING_PREFIX);
    const start = this.#at, end = start + length;
    if (end > this.#end) throw new HpackError("a text is cut off");
    this.#at = end;
    return coded ? this.#decoded(start, end) : decodeLatin1(this.#bytes, start, end);
  }

  #decoded(start: number, end: number): string {
    const room = Math.ceil((end - start) * MOST_SYMBOLS_PER_BYTE);
    // Never larger than what a connection lets a block be.
    if (room > this.#scratch.length) this.#scratch = Buffer.alloc(room);
    const count = decodeHuffman(this.#bytes, start, end, this.#scratch);
    if (count < 0) throw new HpackError("a text's Huffman code is broken");
    return decodeLatin1(this.#scratch, 0, count);
  }
}
