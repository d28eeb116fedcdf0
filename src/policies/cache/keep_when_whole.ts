/** Keeping an answer that is passed on as it comes. @module */

import { isBodySource } from "../../core/body.ts";
import { HeaderList } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { UnderWay } from "./fills.ts";
import { GrowingBody } from "./growing_body.ts";
import { keepInTiers, type Place } from "./keep_in_tiers.ts";
import { combined, partOf } from "./ranges/partial.ts";
import type { Keep } from "./rules/judge.ts";
import { useOf } from "./rules/use_of.ts";
import { storedOf } from "./stored_of.ts";

/** An answer that may be kept. */
export interface Keeping {
  readonly reply: Reply;
  readonly verdict: Keep;
  readonly requestedAt: number;
}

/** Where it is to be kept. */
export interface Keeper {
  readonly key: string;
  readonly variant: string;
  /** The request's fields when it was sent; `null`: they are not remembered. */
  readonly headers: HeaderList | null;
  /** Hears of purges until it is kept; {@link keepWhenWhole} takes it out of `fills`. */
  readonly underWay: UnderWay;
}

/** Keeps the answer when all of it has been there, and its client has taken it. @returns whether it is worth a try */
export function keepWhenWhole(
  parts: CacheParts,
  { key, variant, headers, underWay }: Keeper,
  { reply, verdict, requestedAt }: Keeping,
): boolean {
  const { plan, clock, fills, shelf } = parts, { body, status } = reply, length = body?.length;
  const { fields, vary } = verdict, receivedAt = clock.now();
  if ((length ?? 0) > plan.maxBody || (headers === null && vary.length > 0)) return false;
  if (status === 206 && length !== undefined && partOf(status, fields, length) === null) return false;
  const place: Place = { key, variant, headers: headers ?? NO_FIELDS };
  const put = (bytes: Uint8Array) => {
    const part = status === 206 ? partOf(status, fields, bytes.length) : null;
    if (underWay.outdated || (status === 206 && part === null)) return;
    const stored = storedOf({ status, body: bytes, part, requestedAt, receivedAt }, verdict);
    const before = part === null ? undefined : shelf.find(key, variant, place.headers)?.response;
    // Another request has brought all of it meanwhile.
    if (before !== undefined && before.part === null && useOf(before, null, clock.now()) === "fresh") return;
    keepInTiers(parts, place, before === undefined ? stored : combined(before, stored) ?? stored);
  };
  if (!isBodySource(body)) {
    fills.remove(underWay);
    put(body ?? NO_BYTES);
    return true;
  }
  const growing = new GrowingBody(body, plan.maxBody, true);
  underWay.abandon = () => growing.release();
  reply.body = growing.reader();
  growing.pump().then((bytes) => {
    fills.remove(underWay);
    if (bytes !== null) put(bytes);
  });
  return true;
}

const NO_FIELDS = HeaderList.of(), NO_BYTES = new Uint8Array(0);
