/** The field `If-Range` (RFC 9110 §13.1.5). @module */

import { parseHttpDate } from "../../../http/http_date.ts";
import { entityTag, sameStrongly } from "../selection/entity_tag.ts";
import { strongModifiedAt } from "../selection/modified_date.ts";
import type { StoredResponse } from "../stored_response.ts";

/**
 * Whether a part of this answer fits to what the client has of it. If not, it is to be given the whole.
 *
 * @param wall now, in ms since 1970: dates may be written with two digits for the year
 */
export function ifRangeHolds(value: string, { fields }: StoredResponse, wall: number): boolean {
  // This is how the two are told apart.
  if (value.slice(0, 3).includes('"')) return sameStrongly(value, entityTag(fields));
  const modified = strongModifiedAt(fields, wall);
  return modified !== null && parseHttpDate(value, wall) === modified;
}
