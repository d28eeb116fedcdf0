/** Where Node's parser is stricter than we are, or reads otherwise, and we know it. @module */

import type { KnownDifference } from "../known_difference.ts";

/** The differences. */
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
    why: "an interim answer that says `Connection: close`, or is of HTTP/1.0: it says nothing about the answer itself",
    message: /: HPE_CLOSED_CONNECTION: /,
    input: /HTTP\/1\.(?:[01] 1\d\d [^]*connection:[^\r\n]*close|0 1\d\d)/i,
  },
  {
    why: "a Content-Length in an interim answer: RFC 9112 §6.3 ends it with its head all the same, Node reads a body",
    message: /^(?:node refuses|another|other)/,
    input: /^HTTP\/1\.[01] 1\d\d[^\r\n]*\r\n(?:[^\r\n]+\r\n)*?(?:content-length|transfer-encoding):/im,
  },
];
