/** What ends a connection's field compression. @module */

/**
 * A field block that breaks RFC 7541. What both ends believe of the dynamic table may differ from now on, so nothing more
 * can be read from the connection: COMPRESSION_ERROR (RFC 9113 §4.3).
 */
export class HpackError extends Error {
  override readonly name = "HpackError";
}
