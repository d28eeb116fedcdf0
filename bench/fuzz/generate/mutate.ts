/** Valid messages made doubtful. @module */

import { FRAMING_LINES } from "./fields.ts";
import type { Xorshift } from "./xorshift.ts";

/** At this place (counted modulo the text's length), this many characters are replaced by these. */
export type Edit = readonly [at: number, length: number, put: string];

/** The text after the edits, one by one. */
export function edited(text: string, edits: readonly Edit[]): string {
  for (const [at, length, put] of edits) {
    const place = at % Math.max(1, text.length);
    text = text.slice(0, place) + put + text.slice(place + length);
  }
  return text;
}

type Mutation = (random: Xorshift, text: string) => string;

/** What readers disagree about: control characters, separators, the start of obs-text, what Unicode takes for a space. */
const ODD_BYTES = [
  ...["\r", "\n", "\r\n", "\n\r", "\r\r\n", "\0", "\t", " ", "\x0b", "\x0c", "\x7f", "\x80", "\x85", "\xa0", "\xff"],
];
const SEPARATORS = [":", ";", ",", "/", "\\", "=", '"', "#", "?", "%", "@", "[", "_"];
const NUMBERS = [
  ...["-1", "+1", "00000000000000000005", "4294967296", "9007199254740993", "18446744073709551616"],
  ...["99999999999999999999", "0x10", "1e3", "1.0", "1_0", "1,1", "1 1", "\xb2", "", "FFFFFFFFFFFFFFFF"],
  "fffffffffffffffffff0",
];
/** [what is looked for, what may stand in its place]. */
const BLANKS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/:/g, [" :", "\t:", ":\t", ":  ", ": \t ", "::", "\xa0:", ":\xa0", ""]],
  [/\r\n/g, [
    " \r\n",
    "\t\r\n",
    "\xa0\r\n",
    "\r\n ",
    "\r\n\t",
    "\r\n\r\n",
    "\r\r\n",
    "\n\r\n",
    "\r\n\n",
    "\n",
    "\r",
    "",
  ]],
  [/ /g, ["  ", "\t", "", "\x0b", "\xa0", "\r\n "]],
];

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flip(random, text) {
    const at = random.below(text.length), code = text.charCodeAt(at) ^ (1 << random.below(8));
    return edited(text, [[at, 1, String.fromCharCode(code)]]);
  },
  byte: (random, text) => edited(text, [[random.below(text.length), random.below(2), random.pick(ODD_BYTES)]]),
  separator: (random, text) => edited(text, [[random.below(text.length), random.below(2), random.pick(SEPARATORS)]]),
  cut: (random, text) => edited(text, [[random.below(text.length), 1 + random.below(8), ""]]),
  blank(random, text) {
    const [looked, puts] = random.pick(BLANKS);
    return replaceOne(random, text, looked, () => random.pick(puts));
  },
  number: (random, text) => replaceOne(random, text, /[0-9]+/g, () => random.pick(NUMBERS)),
  case: (random, text) => replaceOne(random, text, /[A-Za-z]+/g, (word) => swapCase(word)),
  framing: (random, text) =>
    onLines(text, (lines) => lines.splice(place(random, lines), 0, random.pick(FRAMING_LINES))),
  duplicate: (random, text) => onLines(text, (lines) => lines.splice(place(random, lines), 0, random.pick(lines))),
  reorder: (random, text) =>
    onLines(text, (lines) => lines.splice(place(random, lines), 0, ...lines.splice(random.below(lines.length), 1))),
  copy(random, text) {
    const from = random.below(text.length);
    return edited(text, [[random.below(text.length), 0, text.slice(from, from + 1 + random.below(24))]]);
  },
  truncate: (random, text) => text.slice(0, random.below(text.length)),
  long: (random, text) =>
    edited(text, [[random.below(text.length), 0, random.pick(["a", "0", " ", "\xe9"]).repeat(1 << random.below(11))]]),
};
const NAMES = Object.keys(MUTATIONS);

/** How many mutations a message gets: most one or two, many none at all, so that what is right is met too. */
const COUNTS = [0, 0, 1, 1, 1, 1, 2, 2, 3, 5];

/** `text` after some mutations, whose names are added to `oddities`. The result is never empty. */
export function mutate(random: Xorshift, text: string, oddities: string[]): string {
  for (let left = random.pick(COUNTS); left > 0; left--) {
    const name = random.pick(NAMES), mutated = MUTATIONS[name](random, text);
    if (mutated === text || mutated === "") continue;
    text = mutated;
    oddities.push(name);
  }
  return text;
}

function replaceOne(random: Xorshift, text: string, looked: RegExp, put: (found: string) => string): string {
  const found = [...text.matchAll(looked)];
  if (found.length === 0) return text;
  const { 0: match, index } = random.pick(found);
  return edited(text, [[index, match.length, put(match)]]);
}

function swapCase(word: string): string {
  return word === word.toLowerCase() ? word.toUpperCase() : word.toLowerCase();
}

function onLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split("\r\n");
  change(lines);
  return lines.join("\r\n");
}

/** A place behind the start line, most often inside the head. */
function place(random: Xorshift, lines: readonly string[]): number {
  const blank = lines.indexOf("");
  return 1 + random.below(random.oneIn(4) || blank < 1 ? lines.length : blank);
}
