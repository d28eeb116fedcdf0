/** The header fields of one message. @module */

import type { FieldSet } from "./field_set.ts";

/**
 * Where fields come from before anybody changes them: an engine's request or a received head. Names are compared without
 * regard to case; values are latin-1 strings without surrounding white space.
 */
export interface HeaderSource {
  /** Whether many messages have it, so that what is made of it is worth keeping. @default false */
  readonly shared?: boolean;
  /** The combined value (RFC 9110 §5.3: joined with `", "`; `cookie` with `"; "`), or `null`. */
  get(name: string): string | null;
  /** Whether a field of one of these names is there. */
  hasAny(names: FieldSet): boolean;
  /** Every field as `[name, value, name, value, …]`, names in lower case, duplicates and order kept. */
  flat(): string[];
  /** Field lines ready to send, each ended by CRLF, without the fields in `drop`. */
  text(drop: FieldSet): string;
}

/**
 * Fields that are read lazily and can be changed. Untouched fields are forwarded as the source has them; adding a field
 * that is not there leaves the source alone; only a change to a field that is there makes the flat list.
 */
export class HeaderList {
  #source: HeaderSource | null;
  /** Added fields while `#source` stands, else all fields. */
  #fields: string[];

  constructor(source: HeaderSource | null, fields: string[] = []) {
    this.#source = source;
    this.#fields = fields;
  }

  /** Where the fields come from, as long as nobody has changed or added one; else `null`. */
  get untouched(): HeaderSource | null {
    return this.#fields.length === 0 ? this.#source : null;
  }

  /** Makes a list of its own from `[name, value, …]`; names in lower case. The array is kept. */
  static of(...fields: string[]): HeaderList {
    return new HeaderList(null, fields);
  }

  /** The combined value of every field of this name (lower case), or `null`. */
  get(name: string): string | null {
    let value = this.#source === null ? null : this.#source.get(name);
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i += 2) {
      if (fields[i] === name) {
        value = value === null ? fields[i + 1] : value + (name === "cookie" ? "; " : ", ") + fields[i + 1];
      }
    }
    return value;
  }

  /** Whether a field of this name (lower case) is there, be its value empty. */
  has(name: string): boolean {
    return this.get(name) !== null;
  }

  /** Whether a field of one of these names is there: one look at each field, however many names. */
  hasAny(names: FieldSet): boolean {
    if (this.#source !== null && this.#source.hasAny(names)) return true;
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i += 2) if (names.has(fields[i])) return true;
    return false;
  }

  /** Every value of this name, each on its own, in order: what `set-cookie` needs. */
  getAll(name: string): string[] {
    const fields = this.flat(), values: string[] = [];
    for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) values.push(fields[i + 1]);
    return values;
  }

  /** Puts one field in place of all of this name. @throws TypeError where name or value could not stand in a head. */
  set(name: string, value: string): void {
    const key = fieldName(name);
    checkFieldValue(key, value);
    this.#remove(key);
    this.#fields.push(key, value);
  }

  /** Adds a field beside those of this name. @throws TypeError where name or value could not stand in a head. */
  append(name: string, value: string): void {
    const key = fieldName(name);
    checkFieldValue(key, value);
    this.#fields.push(key, value);
  }

  /** {@link append} for a name in lower case and a value that are known to be right: constants of the gateway's own. */
  add(name: string, value: string): void {
    this.#fields.push(name, value);
  }

  /** Removes every field of this name. */
  remove(name: string): void {
    this.#remove(name.toLowerCase());
  }

  /** Every field as `[name, value, …]`, names in lower case. The array is the list's own: read it only. */
  flat(): readonly string[] {
    if (this.#source !== null) {
      const added = this.#fields;
      this.#fields = this.#source.flat();
      this.#source = null;
      for (let i = 0; i < added.length; i++) this.#fields.push(added[i]);
    }
    return this.#fields;
  }

  /** Field lines ready to send, each ended by CRLF, without the fields in `drop`. */
  text(drop: FieldSet): string {
    let text = this.#source === null ? "" : this.#source.text(drop);
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i += 2) {
      if (!drop.has(fields[i])) text += fields[i] + ": " + fields[i + 1] + "\r\n";
    }
    return text;
  }

  #remove(key: string): void {
    if (this.#source !== null && this.#source.get(key) !== null) this.flat();
    const fields = this.#fields;
    let kept = 0;
    for (let i = 0; i < fields.length; i += 2) {
      if (fields[i] === key) continue;
      fields[kept] = fields[i];
      fields[kept + 1] = fields[i + 1];
      kept += 2;
    }
    // Where nothing goes, setting the length would cost more than all of the above.
    if (kept !== fields.length) fields.length = kept;
  }
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110 §5.5: visible characters and obs-text, with spaces and tabs between them. */
const FIELD_VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;

/** The name in lower case. @throws TypeError when it is not a token (RFC 9110 §5.1). */
function fieldName(name: string): string {
  if (!TOKEN.test(name)) throw new TypeError(`"${name}" is not a header name: use letters, digits and -`);
  return name.toLowerCase();
}

/** @throws TypeError when `value` holds CR, LF, NUL, another control character, outer white space or a character above U+00FF. */
export function checkFieldValue(name: string, value: string): void {
  if (!isFieldValue(value)) {
    throw new TypeError(
      `the value of header "${name}" has a character that no header value may have (CR, LF, NUL, or above U+00FF) or outer white space`,
    );
  }
}

/** Whether the text can stand as a field value as it is (RFC 9110 §5.5). */
export function isFieldValue(value: string): boolean {
  return FIELD_VALUE.test(value);
}
