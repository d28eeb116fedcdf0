/** Reads as much of a request's body as a key in it needs. @module */

import { type Body, type BodySource, isBodySource } from "../../core/body.ts";
import type { Exchange } from "../../core/exchange.ts";
import { FORM_FIELDS } from "../../core/key.ts";
import { formOf, type FormReader } from "./form_fields.ts";

/** Bytes of a body in which fields are looked for: they stand in front of files. What is behind is not waited for. */
export const FORM_BYTES = 64 * 1024;

/** Bytes read at once. */
const CHUNK = 16 * 1024;

/**
 * Makes the fields of the form in the request's body known to keys (`form:name`), and puts the body together again, so
 * that it goes on whole. Bodies that are no forms, or encoded, have no fields.
 *
 * @param wanted reading stops when all of these are known
 * @throws BodyError when the body breaks off within the part that is read
 */
export async function readForm(exchange: Exchange, wanted: readonly string[]): Promise<void> {
  if (exchange.get(FORM_FIELDS) !== undefined) return;
  const { body, headers } = exchange;
  const form = body === null || headers.has("content-encoding") ? null : formOf(headers.get("content-type"));
  if (form === null) return exchange.set(FORM_FIELDS, new Map());
  if (!isBodySource(body)) {
    form.write(body!);
    form.end(true);
  } else {
    exchange.body = await readPart(body, form, wanted);
  }
  exchange.set(FORM_FIELDS, form.fields);
}

async function readPart(source: BodySource, form: FormReader, wanted: readonly string[]): Promise<Body> {
  const bytes = new Uint8Array(FORM_BYTES);
  let count = 0, ended = false, goesOn = true;
  while (goesOn && !ended && count < FORM_BYTES && wanted.some((name) => !form.fields.has(name))) {
    const read = await source.read(bytes.subarray(count, Math.min(count + CHUNK, FORM_BYTES)));
    ended = read === 0;
    goesOn = form.write(bytes.subarray(count, count + read));
    count += read;
    // A sender of a known length need not be asked whether that was all.
    if (count === source.length) ended = true;
  }
  form.end(ended);
  return new Rejoined(bytes.subarray(0, count), source);
}

/** A body whose first bytes have been read already. */
class Rejoined implements BodySource {
  #first: Uint8Array;
  readonly #rest: BodySource;

  constructor(first: Uint8Array, rest: BodySource) {
    this.#first = first;
    this.#rest = rest;
  }

  get length(): number | undefined {
    return this.#rest.length;
  }

  get trailers(): readonly string[] | null | undefined {
    return this.#rest.trailers;
  }

  read(into: Uint8Array): number | Promise<number> {
    const first = this.#first;
    if (first.length === 0) return this.#rest.read(into);
    const count = Math.min(first.length, into.length);
    into.set(first.subarray(0, count));
    this.#first = first.subarray(count);
    return count;
  }

  cancel(): void {
    this.#first = this.#first.subarray(this.#first.length);
    this.#rest.cancel();
  }
}
