/** Where Node or nginx refuse what we accept by the letter of an RFC. @module */

import type { KnownDifference } from "../known_difference.ts";

const CHUNKED_TRAILERS = "\\r\\n0+(?:;[^\\r\\n]*)?\\r\\n(?:[^\\r\\n]+\\r\\n)*?";

/** Of Node. */
export const KNOWN_OF_NODE: readonly KnownDifference[] = [
  {
    why: "node: chunk extensions, which we drop unread where their bytes may stand (RFC 9112 §7.1.1)",
    message: /with 400 invalid_character_in_chunk_extensions/,
    input: /;/,
  },
  {
    why: "node: framing fields among the trailers: there they frame nothing, and they end at this hop",
    message: /with 400 (?:content_length_can_t_be_present_with|invalid)_transfer_encoding/,
    input: new RegExp(`${CHUNKED_TRAILERS}(?:content-length|transfer-encoding):`, "i"),
  },
  {
    why: "node: Connection among the trailers, which it obeys: it means something in a head only (RFC 9110 §6.5.1)",
    message: /^request [0-9]+ is not seen/,
    input: new RegExp(`${CHUNKED_TRAILERS}connection:`, "i"),
  },
  {
    why: "node: a tab beside the value of a framing field: RFC 9110 §5.6.3 has it among the blanks",
    message: /with 400 (?:invalid_character_in_content_length|request_has_invalid_transfer_encoding_)$/,
    input: /^(?:content-length|transfer-encoding):(?:[^\r\n]*\t\r|[ ]*\t)/im,
  },
];

/** Of nginx, which does not say why. */
export const KNOWN_OF_NGINX: readonly KnownDifference[] = [
  {
    why: "nginx: a path that climbs above the root: it ends there (RFC 3986 §5.2.4)",
    message: /with 400$/,
    input: /^[A-Z-]+ [^ ?]*\/(?:\.|%2e){2}[\/ ?]/im,
  },
  {
    why: "nginx: a tab beside a value that it uses: RFC 9110 §5.6.3 has it among the blanks",
    message: /with (?:400|501)$/,
    input: /^(?:host|content-length|transfer-encoding):(?:[^\r\n]*\t\r|[ ]*\t)/im,
  },
  {
    why: "nginx: an option of Connection that only begins or ends with `close` closes",
    message: /^request [0-9]+ is not seen/,
    input: /^connection:[^\r\n]*close/im,
  },
];
