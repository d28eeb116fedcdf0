/** The head of a kept answer, ready to be sent. @module */

import type { FieldSet } from "../../core/field_set.ts";
import type { HeaderSource } from "../../core/header_list.ts";

/**
 * The fields of a kept answer with what is said of it in one second: its age, and how the cache came by it. It is made
 * once a second for an answer that is asked for all the time, and then is a string to copy.
 */
export class ReadyHead implements HeaderSource {
  readonly shared = true;
  readonly #fields: readonly string[];
  #text = "";
  #textFor: FieldSet | null = null;

  /** @param fields `[name, value, …]`, names in lower case; nobody changes them */
  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  get(name: string): string | null {
    const fields = this.#fields;
    let value: string | null = null;
    for (let i = 0; i < fields.length; i += 2) {
      if (fields[i] === name) value = value === null ? fields[i + 1] : value + ", " + fields[i + 1];
    }
    return value;
  }

  hasAny(names: FieldSet): boolean {
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i += 2) if (names.has(fields[i])) return true;
    return false;
  }

  flat(): string[] {
    return this.#fields.slice();
  }

  /** An engine always drops the same fields, so that the text of the last time mostly fits. */
  text(drop: FieldSet): string {
    if (this.#textFor !== drop) {
      this.#text = linesOf(this.#fields, drop);
      this.#textFor = drop;
    }
    return this.#text;
  }
}

function linesOf(fields: readonly string[], drop: FieldSet): string {
  let text = "";
  for (let i = 0; i < fields.length; i += 2) {
    if (!drop.has(fields[i])) text += fields[i] + ": " + fields[i + 1] + "\r\n";
  }
  return text;
}
