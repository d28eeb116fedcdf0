/** A file of keys: one a line. @module */

import { CONSUMER_NAME } from "../../../settings/consumer_name.ts";
import { readKeyHash } from "../../../settings/key_hash.ts";
import { Refusal } from "../../../settings/scalar.ts";
import { readInstant } from "./expiry.ts";
import type { KnownKey, KnownKeys } from "./known_key.ts";

/** Why a file cannot be taken; no text of it is in the message. */
export interface WrongKeys {
  /** `line 3: …` */
  readonly error: string;
}

/** Lines between two pauses: a millisecond's worth, or two. */
const AT_ONCE = 1_000;
const EXPIRES = "expires=";
/** A line as most are. The others are read word by word, which takes several times as long. */
const PLAIN = /sha256:([0-9a-f]{64})(?: ([^\s#=]+))?(?: ([^\s#=]+))?(?: expires=([^\s#]+))?\r?(?:\n|$)/y;

/**
 * Reads `sha256:… consumer groups expires=2030-01-31` lines, of which only the hash must be there; groups have commas
 * between them. `#` begins a comment.
 */
export function readKeys(text: string): KnownKeys | WrongKeys {
  const reading = readingKeys(text);
  for (;;) {
    const { done, value } = reading.next();
    if (done === true) return value;
  }
}

/** {@link readKeys} with pauses: a hundred thousand lines at once would hold up every request. */
export function* readingKeys(text: string): Generator<undefined, KnownKeys | WrongKeys> {
  // It may just be being written. A file with nothing but a comment is one that is meant to have no keys.
  if (text.trim() === "") return { error: "it is empty" };
  const keys = new Map<string, KnownKey>(), parts = new KeyParts();
  for (let start = 0, number = 1; start < text.length; number++) {
    PLAIN.lastIndex = start;
    const plain = PLAIN.exec(text), lineFeed = plain === null ? text.indexOf("\n", start) : -1;
    const end = plain !== null ? PLAIN.lastIndex : lineFeed < 0 ? text.length : lineFeed + 1;
    const words = plain === null ? wordsOf(text.slice(start, end)) : plain.slice(1);
    const error = words === null ? null : typeof words === "string" ? words : take(words as Words, keys, parts);
    if (error !== null) return { error: `line ${number}: ${error}` };
    start = end;
    if (number % AT_ONCE === 0) yield;
  }
  return keys;
}

/** What a line says; the hash as its digits in lower case. */
type Words = readonly [hash: string, consumer?: string, groups?: string, expires?: string];

/** `null` of a line that says nothing; else its words, or what is wrong with them. */
function wordsOf(line: string): Words | string | null {
  const comment = line.indexOf("#");
  const [first, ...rest] = (comment < 0 ? line : line.slice(0, comment)).trim().split(/\s+/);
  if (first === "") return null;
  const hash = readKeyHash(first), dated = rest.at(-1)?.startsWith(EXPIRES) === true;
  const expires = dated ? rest.pop()!.slice(EXPIRES.length) : undefined;
  const [consumer, groups, ...more] = rest;
  if (hash instanceof Refusal) return hash.message;
  if (more.length > 0) return "a line is a hash, a consumer, groups with commas between them, and expires=…";
  return [hash, consumer, groups, expires];
}

/** Puts a key among the others. @returns what is wrong with it */
function take([hash, consumer, groups, expires]: Words, keys: Map<string, KnownKey>, parts: KeyParts): string | null {
  if (consumer !== undefined && !CONSUMER_NAME.test(consumer)) {
    return "what stands behind the hash is no name of a consumer";
  }
  const list = groups === undefined ? undefined : parts.groups(groups);
  if (list?.includes("")) return "groups have one comma between them";
  const until = expires === undefined ? undefined : parts.expires(expires);
  if (until instanceof Refusal) return `expires: ${until.message}`;
  const before = keys.size;
  keys.set(hash, {
    ...consumer === undefined ? {} : { consumer },
    ...list === undefined ? {} : { groups: list },
    ...until === undefined ? {} : { expires: until },
  });
  return keys.size === before ? "this hash stands above already" : null;
}

/** What many keys have alike: made once for all of them. */
class KeyParts {
  readonly #groups = new Map<string, readonly string[]>();
  readonly #expires = new Map<string, number | Refusal>();

  groups(text: string): readonly string[] {
    const groups = this.#groups.get(text) ?? text.split(",");
    this.#groups.set(text, groups);
    return groups;
  }

  expires(text: string): number | Refusal {
    const expires = this.#expires.get(text) ?? readInstant(text);
    this.#expires.set(text, expires);
    return expires;
  }
}
