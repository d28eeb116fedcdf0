/** Field blocks as we compress them (RFC 7541). @module */

import { encodeLatin1 } from "../latin1.ts";
import { STATIC_TABLE } from "./static_table.ts";

const FIRST_BYTES = 4096;
/** Room for the form and the longest integer before a text, of which a field has two. */
const FIELD_OVERHEAD = 16;

const INDEXED = 0x80, NEVER_INDEXED = 0x10, WITHOUT_INDEXING = 0x00;
const LITERAL_PREFIX = 0x0f, STRING_PREFIX = 0x7f;

/** What no hop on the way may keep in a table, where guessing beside it would find it out (RFC 7541 §7.1.3). */
const SENSITIVE: ReadonlySet<string> = new Set([
  ...["set-cookie", "authorization", "cookie", "proxy-authorization", "authentication-info", "www-authenticate"],
]);

const NAME_INDEXES: ReadonlyMap<string, number> = nameIndexes();
const STATUS_INDEXES: ReadonlyMap<number, number> = new Map(
  STATIC_TABLE.flatMap(([name, value], i) => name === ":status" ? [[Number(value), i + 1] as const] : []),
);

/**
 * Writes one block after another: static names, literal values. No dynamic table and no Huffman code: heads of answers are
 * short, and what is not kept between them need not be right on both ends. One encoder serves any number of connections.
 */
export class HpackEncoder {
  #bytes = new Uint8Array(FIRST_BYTES);
  #at = 0;

  /** The block so far; valid until the next {@link begin}. */
  get block(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Begins a block. */
  begin(): void {
    this.#at = 0;
  }

  /** `:status`, which comes before every other field of an answer. */
  status(code: number): void {
    const index = STATUS_INDEXES.get(code);
    if (index === undefined) return this.field(":status", String(code));
    this.#reserve(1);
    this.#bytes[this.#at++] = INDEXED | index;
  }

  /** A field; the name in lower case, both in characters up to U+00FF. */
  field(name: string, value: string): void {
    this.#reserve(name.length + value.length + FIELD_OVERHEAD);
    const form = SENSITIVE.has(name) ? NEVER_INDEXED : WITHOUT_INDEXING, index = NAME_INDEXES.get(name) ?? 0;
    this.#integer(form, LITERAL_PREFIX, index);
    if (index === 0) this.#text(name);
    this.#text(value);
  }

  #text(text: string): void {
    this.#integer(0, STRING_PREFIX, text.length);
    this.#at += encodeLatin1(text, this.#bytes, this.#at);
  }

  /** RFC 7541 §5.1. @param mask the prefix's bits */
  #integer(form: number, mask: number, value: number): void {
    if (value < mask) {
      this.#bytes[this.#at++] = form | value;
      return;
    }
    this.#bytes[this.#at++] = form | mask;
    let rest = value - mask;
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#at++] = rest & 0x7f | 0x80;
    this.#bytes[this.#at++] = rest;
  }

  #reserve(room: number): void {
    const need = this.#at + room;
    if (need <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(need, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

/** The first index of each name. */
function nameIndexes(): ReadonlyMap<string, number> {
  return new Map(STATIC_TABLE.map(([name], i) => [name, i + 1] as const).reverse());
}
