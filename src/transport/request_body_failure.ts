/** Why a request could not be sent as a whole. @module */

import { BodyError } from "../core/body.ts";
import type { FailureCode } from "../core/outcome.ts";

/** The failure that a request's body ended with: its client's, in one way or another. */
export function requestBodyFailure(error: unknown): FailureCode {
  const fault = error instanceof BodyError ? error.fault : "client";
  if (fault === "client-timeout") return "request_body_timeout";
  return fault === "too-large" ? "body_too_large" : "request_body_failed";
}
