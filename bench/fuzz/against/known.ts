/** Where Node's parser is stricter than we are, or reads otherwise, and we know it. @module */

/** A kind of difference that is counted and no fault. */
export interface KnownDifference {
  /** What we do, and why. */
  readonly why: string;
  readonly message: RegExp;
  /** What the input must have beside. */
  readonly input: RegExp;
}

/** Each was looked at; what is not here is a fault until somebody has. */
export const KNOWN: readonly KnownDifference[] = [
  {
    why: "chunk extensions: RFC 9112 §7.1.1 allows blanks in them, and we drop them unread where their bytes may stand",
    message: /: HPE_STRICT: Invalid character in chunk extensions/,
    input: /;/,
  },
  {
    why: "a Content-Length among the trailers: there it frames nothing, and it ends at this hop",
    message: /Content-Length can't be present with Transfer-Encoding$/,
    input: /\r\n0[^]*\r\ncontent-length:/i,
  },
  {
    why: "a tab before or behind a length: RFC 9110 §5.6.3 has it among the blanks",
    message: /: Invalid character in Content-Length$/,
    input: /content-length:[^\r\n]*\t/i,
  },
  {
    why:
      "a tab behind `chunked`: a blank for us, another coding for Node, which then reads until the end of the connection",
    message: /^another body$/,
    input: /transfer-encoding:[^\r\n]*\t\r/i,
  },
  {
    why: "`Connection: close` in an interim answer: it says nothing about the answer itself",
    message: /: HPE_CLOSED_CONNECTION: /,
    input: /HTTP\/1\.[01] 1\d\d [^]*connection:[^\r\n]*close/i,
  },
];

/** Why a difference on an input is no fault, or `null`. */
export function knownDifference(message: string, text: string): string | null {
  return KNOWN.find((known) => known.message.test(message) && known.input.test(text))?.why ?? null;
}
