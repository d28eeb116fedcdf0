/** Answers that keep nothing but themselves in memory. @module */

import { fieldNumber, KNOWN_FIELDS } from "../../../core/known_fields.ts";
import type { StoredResponse } from "../stored_response.ts";
import { ownText } from "./own_text.ts";

/** A body is copied where it holds on to more than this share of itself beside it. */
const SPARE = 1 / 8;

/** The same answer, without the head that its fields were read from and the buffer that its body is a part of. */
export function ownResponse(response: StoredResponse): StoredResponse {
  const fields = response.fields.slice();
  for (let i = 0; i < fields.length; i += 2) {
    fields[i] = ownName(fields[i]);
    fields[i + 1] = ownText(fields[i + 1]);
  }
  const { body } = response;
  const spare = body.buffer.byteLength - body.byteLength;
  return {
    ...response,
    fields,
    body: spare > body.byteLength * SPARE ? body.slice() : body,
    vary: response.vary.map(ownName),
    tags: response.tags.map(ownText),
  };
}

/** Of a known field, the one text that all have in common. */
function ownName(name: string): string {
  const number = fieldNumber(name);
  return number === 0 ? ownText(name) : KNOWN_FIELDS[number];
}
