/** What a status means to a cache. @module */

/** Those that are kept for a while though nobody has said how long (RFC 9110 §15.1). */
const HEURISTIC: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

/**
 * Those that say something about one request or its connection, and nothing about the URL: later requests must not get
 * them, whatever the upstream or the config says. A 304, 412, 416 and 417 answer fields that are no part of the key; of
 * 428, 429, 431 and 511 RFC 6585 says so.
 */
const OF_ONE_REQUEST: ReadonlySet<number> = new Set([304, 407, 408, 412, 416, 417, 421, 425, 426, 428, 429, 431, 511]);

/** Those of RFC 9110, all of whose rules for caches are kept here (RFC 9111 §5.2.2.3). */
const UNDERSTOOD: ReadonlySet<number> = new Set([
  ...[200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 422, 500, 501, 502, 503, 504, 505],
]);

/** Whether it may be kept without a word of the upstream. */
export function isHeuristic(status: number): boolean {
  return HEURISTIC.has(status);
}

/** Whether an answer with it is for later requests at all: a final one that is about its URL. */
export function isAboutUrl(status: number): boolean {
  return status >= 200 && status <= 599 && !OF_ONE_REQUEST.has(status);
}

/** Whether `must-understand` lets it be kept. */
export function isUnderstood(status: number): boolean {
  return UNDERSTOOD.has(status);
}
