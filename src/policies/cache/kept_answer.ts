/** A kept answer for one request: whole, in part, or the word that the client has it already. @module */

import type { Body } from "../../core/body.ts";
import type { Exchange } from "../../core/exchange.ts";
import { HeaderList } from "../../core/header_list.ts";
import type { Random } from "../../core/random.ts";
import { Reply } from "../../core/reply.ts";
import { hasNoContent } from "../../http/no_content.ts";
import { type ByteRange, byteRanges } from "./ranges/byte_ranges.ts";
import { ifRangeHolds } from "./ranges/if_range.ts";
import { hasRanges, wholeLength } from "./ranges/partial.ts";
import { rangeReply } from "./ranges/range_reply.ts";
import { fieldsAtAge } from "./ready_answer.ts";
import { CONDITIONAL_FIELDS, notModified, notModifiedFields } from "./selection/conditional.ts";
import { ageAt, type StoredResponse } from "./stored_response.ts";

/** How it is given. */
export interface Given {
  readonly now: number;
  /** `Clock.wall()`. */
  readonly wall: number;
  readonly random: Random;
  /** What is said in `Cache-Status`; `null`: nothing. */
  readonly said: string | null;
  /** Whether the upstream has made it, or found it good, for this request: then it has the age that it came with, if any. */
  readonly isNew: boolean;
  /** Its content, where that is still coming. @default the stored one */
  readonly body?: Body;
}

/**
 * Answers with what is kept, by the client's conditions (RFC 9111 §4.3.2) and ranges (RFC 9110 §14).
 *
 * @returns `null` where a part is kept, and the request is for more than that
 */
export function keptAnswer(exchange: Exchange, stored: StoredResponse, given: Given): Reply | null {
  const { now, said, random, body = stored.body } = given, { headers, method } = exchange;
  const seconds = Math.floor(ageAt(stored, now) / 1_000);
  const fields = fieldsAtAge(stored.fields, given.isNew && seconds === 0 ? null : seconds, said);
  const range = method === "GET" && body instanceof Uint8Array ? headers.get("range") : null;
  const ranges = range === null ? "ignore" : rangesOf(range, exchange, stored, given.wall);
  if (stored.part !== null && ranges === "ignore") return null;
  if (headers.hasAny(CONDITIONAL_FIELDS) && notModified(headers, stored, given.wall)) {
    return new Reply(304, HeaderList.of(...notModifiedFields(fields)), null);
  }
  if (ranges !== "ignore") return rangeReply({ ...stored, fields }, ranges, random);
  return new Reply(stored.status, HeaderList.of(...fields), hasNoContent(stored.status) ? null : body);
}

/** The parts that are asked for; `"ignore"`: all of it is to be given, or, of a part, none. */
function rangesOf(
  range: string,
  { headers }: Exchange,
  stored: StoredResponse,
  wall: number,
): readonly ByteRange[] | "unsatisfiable" | "ignore" {
  if (stored.status !== 200 && stored.status !== 206) return "ignore";
  const condition = headers.get("if-range");
  if (condition !== null && !ifRangeHolds(condition, stored, wall)) return "ignore";
  const ranges = byteRanges(range, wholeLength(stored));
  return typeof ranges !== "string" && !hasRanges(stored, ranges) ? "ignore" : ranges;
}
