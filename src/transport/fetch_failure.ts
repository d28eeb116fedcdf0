/** What a failed `fetch` means: the runtime tells causes in words only. @module */

import type { Failed, FailureCode, Stage } from "../core/outcome.ts";

/** What the words say, the first that fits. */
const BEFORE_CONNECTED: readonly [words: RegExp, code: FailureCode][] = [
  [/Connection refused|os error 10061/, "connect_refused"],
  // ALPN: the endpoint speaks TLS, but not HTTP/2.
  [/NoApplicationProtocol/, "upstream_protocol_error"],
  [/tcp connect error|dns error/, "connect_failed"],
];
/** "detected": by this side, on what the endpoint sent; HTTP/1.1 is "frame with invalid size". */
const NOT_HTTP2 = /(?:connection|stream) error detected|endpoint requires HTTP\/1\.1/;
/** RFC 9113 §8.7: nothing was done. */
const UNTOUCHED = /refused stream before processing/;

/** The outcome of a request that `fetch` rejected with `cause`. @param tls whether the endpoint is spoken to over TLS */
export function fetchFailure(cause: unknown, tls: boolean): Failed {
  const words = wordsOf(cause);
  if (!isTried(cause, words)) return failed("connect", "connect_failed", false, cause);
  if (words.includes("(Connect)")) {
    const known = BEFORE_CONNECTED.find(([pattern]) => pattern.test(words));
    return failed("connect", known?.[1] ?? (tls ? "tls_failed" : "connect_failed"), false, cause);
  }
  if (NOT_HTTP2.test(words)) return failed("head", "upstream_protocol_error", true, cause);
  return failed("send", "upstream_reset", !UNTOUCHED.test(words), cause);
}

/** Whether the endpoint was asked at all: not without the permission, nor at a port that browsers keep away from. */
function isTried(cause: unknown, words: string): boolean {
  return !(cause instanceof Deno.errors.NotCapable || / are blocked$/.test(words));
}

function failed(stage: Stage, code: FailureCode, sent: boolean, cause: unknown): Failed {
  // The runtime's own message is "fetch failed"; what the log should have is behind it.
  const told = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return { ok: false, stage, code, fault: "endpoint", sent, cause: told };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
