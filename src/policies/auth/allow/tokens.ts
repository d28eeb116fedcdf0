/** The words of an expression. @module */

/** One word or sign. */
export interface Token {
  readonly kind: "word" | "text" | "number" | "sign" | "end";
  /** As written; of a text what is between its quotes. */
  readonly text: string;
  /** Where it begins, from 0. */
  readonly at: number;
}

/** Why a text is no expression, and where in it. */
export interface ExpressionError {
  readonly error: string;
  /** From 0. */
  readonly at: number;
  /** What to write there. */
  readonly remedy?: string;
}

const SPACE = /\s+/y;
const SIGN = /==|!=|[()[\],]/y;
const TEXT = /'([^']*)'|"([^"]*)"/y;
/** Keys are words too: `jwt:https://example.com/roles`, `header:x-plan`. */
const WORD = /[^\s()[\],'"=!<>&|]+/y;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Signs of other languages. */
const MEANT: Readonly<Record<string, string>> = { "=": "==", "&": "and", "|": "or", "!": "not" };

/** Takes a text apart; the last token is of the kind `end`. */
export function tokensOf(text: string): Token[] | ExpressionError {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const match = (pattern: RegExp) => {
      pattern.lastIndex = at;
      return pattern.exec(text);
    };
    const space = match(SPACE), sign = match(SIGN), quoted = match(TEXT), word = match(WORD);
    const found = space ?? sign ?? quoted ?? word;
    if (found === null) return strange(text[at], at);
    if (sign !== null) tokens.push({ kind: "sign", text: sign[0], at });
    else if (quoted !== null) tokens.push({ kind: "text", text: quoted[1] ?? quoted[2], at });
    else if (word !== null) tokens.push({ kind: NUMBER.test(word[0]) ? "number" : "word", text: word[0], at });
    at += found[0].length;
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}

function strange(sign: string, at: number): ExpressionError {
  if (sign === "'" || sign === '"') return { error: "this quote is not closed", at, remedy: `${sign} at its end` };
  const remedy = MEANT[sign];
  return { error: `${sign} is no sign here`, at, ...(remedy === undefined ? {} : { remedy }) };
}
