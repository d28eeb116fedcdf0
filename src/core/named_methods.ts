/** Methods that metrics and traces tell by name. @module */

/**
 * Those of the semantic conventions of HTTP (RFC 9110 §9, RFC 5789, QUERY). Clients may make up others without end: what is
 * told of those is {@link OTHER_METHOD}.
 */
export const NAMED_METHODS: ReadonlySet<string> = new Set(
  ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"],
);

/** OpenTelemetry's name for all others. */
export const OTHER_METHOD = "_OTHER";
