/** Kept answers for tests. @module */

import type { StoredResponse } from "../../../../src/policies/cache/stored_response.ts";
import { stored } from "../stored.ts";

/** A day that the tests call today. */
export const TODAY = Date.UTC(2024, 4, 6, 12, 0, 0);
export const DATE = "Mon, 06 May 2024 12:00:00 GMT";
export const HOUR_AGO = "Mon, 06 May 2024 11:00:00 GMT";
export const YESTERDAY = "Sun, 05 May 2024 12:00:00 GMT";

/** A 200 with these fields and a date, fresh for a minute; `more` says what differs. */
export function storedAnswer(fields: readonly string[], more: Partial<StoredResponse> = {}): StoredResponse {
  const body = new TextEncoder().encode("0123456789");
  return stored({ fields: ["date", DATE, ...fields], body, ...more });
}
