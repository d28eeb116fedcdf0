/** JSON that means one thing to everybody who reads it. @module */

/** Objects and lists in each other: more is no token that anybody issues, and much recursion for whoever walks over it. */
const DEEPEST = 32;

/**
 * Parses JSON, and takes no object in which a name stands twice: of two members one parser takes the first and another
 * the last (RFC 7515 §4, RFC 7519 §4).
 *
 * @throws SyntaxError for what is no JSON, has a name twice or is too deep
 */
export function parseUnique(text: string): unknown {
  const value = JSON.parse(text);
  checkMembers(text);
  return value;
}

/** @param text well-formed JSON */
function checkMembers(text: string): void {
  /** Names of each object that is open; `null` for a list. */
  const open: (Set<string> | null)[] = [];
  for (let i = 0, names: Set<string> | null = null, nameNext = false; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case OBJECT:
      case LIST:
        open.push(names = text.charCodeAt(i) === OBJECT ? new Set() : null);
        if (open.length > DEEPEST) throw new SyntaxError("too deep");
        nameNext = names !== null;
        break;
      case OBJECT_END:
      case LIST_END:
        open.pop();
        names = open.at(-1) ?? null;
        nameNext = false;
        break;
      case COMMA:
        nameNext = names !== null;
        break;
      case QUOTE: {
        const start = i;
        for (i++; text.charCodeAt(i) !== QUOTE; i++) if (text.charCodeAt(i) === BACKSLASH) i++;
        if (!nameNext || names === null) break;
        const name: string = JSON.parse(text.slice(start, i + 1));
        if (names.has(name)) throw new SyntaxError("a name stands twice");
        names.add(name);
        nameNext = false;
      }
    }
  }
}

const OBJECT = 0x7b, OBJECT_END = 0x7d, LIST = 0x5b, LIST_END = 0x5d, COMMA = 0x2c, QUOTE = 0x22, BACKSLASH = 0x5c;
