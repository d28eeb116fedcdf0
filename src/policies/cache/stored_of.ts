/** Making what is kept of what came. @module */

import type { Keep } from "./rules/judge.ts";
import type { StoredResponse } from "./stored_response.ts";

/** What is known of an answer beside the verdict on it. */
export interface Came {
  readonly status: number;
  readonly body: Uint8Array;
  readonly part?: StoredResponse["part"];
  readonly requestedAt: number;
  readonly receivedAt: number;
}

/** The answer as it is kept. */
export function storedOf(
  { status, body, part = null, requestedAt, receivedAt }: Came,
  { fields, freshness, vary, tags }: Keep,
): StoredResponse {
  return { status, fields, body, part, receivedAt, took: receivedAt - requestedAt, freshness, vary, tags };
}
