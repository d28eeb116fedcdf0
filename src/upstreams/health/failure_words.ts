/** Why a probe failed, for people. @module */

import type { Failed, FailureCode } from "../../core/outcome.ts";
import { formatDuration } from "../../core/units.ts";
import { thrownMessage } from "../../core/thrown.ts";

const WORDS: { readonly [code in FailureCode]?: string } = {
  connect_refused: "connection refused",
  upstream_reset: "the connection was closed before an answer",
  upstream_protocol_error: "the answer is not valid HTTP",
  upstream_head_too_large: "the head of the answer is too large",
};

/** What happened, in a few words. @param timeout milliseconds that the probe might take */
export function failureWords({ code, cause }: Failed, timeout: number): string {
  switch (code) {
    case "connect_timeout":
      return `no connection within ${formatDuration(timeout)}`;
    case "upstream_timeout":
      return `no answer within ${formatDuration(timeout)}`;
    case "connect_failed":
      return "no connection" + causeWords(cause);
    case "tls_failed":
      return "no secure connection" + causeWords(cause);
    default:
      return WORDS[code] ?? "not sent" + causeWords(cause);
  }
}

/** `": …"`, or nothing where nothing is known. */
export function causeWords(cause: unknown): string {
  if (cause === undefined) return "";
  return `: ${thrownMessage(cause)}`;
}
