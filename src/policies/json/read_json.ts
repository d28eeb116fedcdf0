/** JSON of strangers. @module */

import { parseValidJson } from "./parse_valid_json.ts";

/** Why bytes are not taken for JSON. */
export type JsonFault = "not-utf8" | "not-json" | "too-deep" | "same-name" | "forbidden-name";

/** A value, or why there is none. */
export type JsonReading =
  | { readonly fault: null; readonly value: unknown }
  | { readonly fault: JsonFault; readonly value?: undefined };

/** Levels of arrays and objects within each other. */
export const DEEPEST = 64;

const QUOTE = 0x22, BACKSLASH = 0x5c, COLON = 0x3a;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;

/** A byte order mark stays, and is no JSON (RFC 8259 §8.1). */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** In words for a client. */
export const FAULT_TEXTS: { readonly [F in JsonFault]: string } = {
  "not-utf8": "it is not in UTF-8",
  "not-json": "it is not JSON",
  "too-deep": "its arrays and objects are nested too deep",
  "same-name": "a name stands twice in one object",
  "forbidden-name": 'a name is "__proto__"',
};

/**
 * Reads JSON (RFC 8259) of which every reader makes the same. Refused are also a name that stands twice in one object, of
 * which some readers take the first and some the last, and the name `__proto__`, with which careless readers change more
 * than the object.
 *
 * The depth is counted before anything is built, so that nobody behind recurses deeper than `deepest`.
 */
export function readJson(bytes: Uint8Array, deepest: number = DEEPEST): JsonReading {
  const { members, escapedNames } = scan(bytes, deepest);
  if (members < 0) return { fault: "too-deep" };
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { fault: "not-utf8" };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (escapedNames) value = parseValidJson(text);
  } catch {
    return { fault: "not-json" };
  }
  const kept = keptMembers(value);
  if (Number.isNaN(kept)) return { fault: "forbidden-name" };
  return kept === members ? { fault: null, value } : { fault: "same-name" };
}

/** What is seen of JSON without reading it. */
interface Scan {
  /** How many members all objects have as they are written, names that stand twice included; -1 beyond `deepest`. */
  readonly members: number;
  /** Whether a name has an escape. */
  readonly escapedNames: boolean;
}

function scan(bytes: Uint8Array, deepest: number): Scan {
  let depth = 0, members = 0, escaped = false, escapedNames = false;
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case QUOTE:
        escaped = false;
        for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) {
          if (bytes[i] !== BACKSLASH) continue;
          escaped = true;
          i++;
        }
        break;
      case COLON:
        members++;
        escapedNames ||= escaped;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > deepest) return { members: -1, escapedNames };
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
    }
  }
  return { members, escapedNames };
}

/** How many members all objects have; `NaN` where one has a name that none may have. */
function keptMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) if (typeof element === "object") count += keptMembers(element);
    return count;
  }
  for (const name of Object.keys(value)) {
    if (name === "__proto__") return NaN;
    const member = (value as Record<string, unknown>)[name];
    count += typeof member === "object" ? 1 + keptMembers(member) : 1;
  }
  return count;
}
