/** What a line of the access log may tell. @module */

/** Members of a line in JSON by their names, in the usual order. */
export const ACCESS_FIELDS = [
  "ts",
  "method",
  "scheme",
  "host",
  "path",
  "protocol",
  "route",
  "status",
  "duration",
  "bytesIn",
  "bytesOut",
  "upstream",
  "attempts",
  "requestId",
  "traceId",
  "client",
  "auth",
  "identity",
  "reason",
  "limit",
  "cache",
  "error",
] as const;

/** A member of a line in JSON. */
export type AccessField = typeof ACCESS_FIELDS[number];
