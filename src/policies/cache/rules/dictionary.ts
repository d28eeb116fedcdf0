/** Dictionaries of structured fields (RFC 8941 §3.2), as far as caches need them. @module */

/** The value of a member, without its parameters. */
export interface MemberValue {
  readonly type: "integer" | "string" | "boolean" | "other";
  /** An integer in digits, a string without its quotes, `1` or `0`; of others, as they were sent. */
  readonly text: string;
}

const KEY = "[a-z*][-a-z0-9_.*]*";
const STRING = '"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\])*"';
const BARE =
  `(?:-?\\d{1,12}\\.\\d{1,3}|-?\\d{1,15}|${STRING}|[A-Za-z*][-!#$%&'*+.^_\`|~0-9A-Za-z:/]*|:[A-Za-z0-9+/=]*:|\\?[01])`;
const PARAMETERS = `(?:; *${KEY}(?:=${BARE})?)*`;
const INNER = `\\( *(?:${BARE}${PARAMETERS}(?: +${BARE}${PARAMETERS})* *)?\\)`;
/** What follows each part begins with another character than it may go on with, so that there is one way to read it. */
const MEMBER = new RegExp(`(${KEY})(?:=(${INNER}|${BARE}))?${PARAMETERS}`, "y");

const INTEGER = /^-?\d+$/;
const BETWEEN = /[ \t]*(?:$|,[ \t]*(?!$))/y;
const TRUE: MemberValue = { type: "boolean", text: "1" };

/** The members by their names, the last of each; `null` for what is no dictionary. */
export function readDictionary(field: string): ReadonlyMap<string, MemberValue> | null {
  const members = new Map<string, MemberValue>();
  for (let at = 0; at < field.length;) {
    MEMBER.lastIndex = at;
    const match = MEMBER.exec(field);
    if (match === null) return null;
    members.set(match[1], valueOf(match[2]));
    BETWEEN.lastIndex = MEMBER.lastIndex;
    if (!BETWEEN.test(field)) return null;
    at = BETWEEN.lastIndex;
  }
  return members;
}

function valueOf(text: string | undefined): MemberValue {
  if (text === undefined) return TRUE;
  if (text[0] === "?") return { type: "boolean", text: text[1] };
  if (text[0] === '"') return { type: "string", text: text.slice(1, -1).replaceAll(/\\(.)/g, "$1") };
  return { type: INTEGER.test(text) ? "integer" : "other", text };
}
