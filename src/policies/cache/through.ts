/** Requests that go upstream as they are, and whose answers may be kept all the same. @module */

import { isBodySource } from "../../core/body.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import { HeaderList } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import type { Answering } from "./answering.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { UnderWay } from "./fills.ts";
import { GrowingBody } from "./growing_body.ts";
import { discard, keepInTiers, type Known, type Place } from "./keep_in_tiers.ts";
import { arrived, fieldsOf, type Looked, replaces } from "./looked.ts";
import { combined, partOf } from "./ranges/partial.ts";
import type { Keep } from "./rules/judge.ts";
import { useOf } from "./rules/use_of.ts";
import { headAgrees, updatedFields } from "./selection/validation.ts";
import { storedOf } from "./stored_of.ts";

/**
 * Sends the client's own request on: for a part of what nothing is kept of, for HEAD, and where answers have turned out to
 * be nobody else's. Nobody waits for it but its client, and it is given up when that one leaves.
 */
export function sendThrough(
  parts: CacheParts,
  answering: Answering,
  next: Handler,
  exchange: Exchange,
  looked: Looked,
): MaybePromise<Reply> {
  const { entry, id, fwd } = looked, isHead = exchange.method === "HEAD";
  const going: Going = {
    looked,
    known: entry === undefined ? null : { entry, stored: entry.response },
    // What has turned out to be cacheable after all is kept the next time: to remember the fields of all that is not would
    // cost more.
    headers: isHead || parts.uncacheable.has(id) ? null : fieldsOf(exchange),
    requestedAt: parts.clock.now(),
    underWay: { key: looked.key, outdated: false, abandon: () => {} },
  };
  const { fills } = parts, { underWay } = going;
  fills.add(underWay);
  const take = (reply: Reply) => {
    const taken = isHead ? takeHead(parts, exchange, going, reply) : takeReply(parts, exchange, going, reply);
    if (!taken.stored) fills.remove(underWay);
    return answering.passOn(exchange, reply, "miss", { fwd, ...taken });
  };
  const failed = (cause: unknown) => {
    fills.remove(underWay);
    throw cause;
  };
  let reply: MaybePromise<Reply>;
  try {
    reply = next(exchange);
  } catch (cause) {
    return failed(cause);
  }
  return reply instanceof Promise ? reply.then(take, failed) : take(reply);
}

/** A request on its way. */
interface Going {
  readonly looked: Looked;
  /** What was there when it was sent. */
  readonly known: Known | null;
  /** The request's fields when it was sent; `null`: they are not remembered. */
  readonly headers: HeaderList | null;
  readonly requestedAt: number;
  /** Hears of purges while it is on its way. */
  readonly underWay: UnderWay;
}

/** What became of an answer. */
interface Taken {
  /** Whether it is kept, if all of it comes. */
  readonly stored: boolean;
  /** Why it is not. */
  readonly detail: string;
}

const NOTHING: Taken = Object.freeze({ stored: false, detail: "" });

function takeReply(parts: CacheParts, exchange: Exchange, going: Going, reply: Reply): Taken {
  const { uncacheable } = parts, { looked, known, requestedAt, headers } = going, { status, body } = reply;
  if (reply.tunnel !== null || exchange.error !== "") return NOTHING;
  const head = { status, fields: reply.headers.flat(), requestedAt, reply, sent: exchange };
  const verdict = arrived(parts, exchange, looked, head);
  if (!verdict.keep) {
    if (known !== null && replaces(verdict.why, status)) discard(parts, known);
    return { stored: false, detail: verdict.why };
  }
  const tooLarge = uncacheable.isTooLarge(looked.id) && isBodySource(body) && body.length === undefined;
  if (tooLarge || (body?.length ?? 0) > parts.plan.maxBody) return { stored: false, detail: "too-large" };
  if (status !== 206) uncacheable.delete(looked.id);
  const { key, variant } = looked, { underWay } = going;
  return { stored: keep(parts, { key, variant, headers, underWay }, { reply, verdict, requestedAt }), detail: "" };
}

/** What HEAD says is true of GET too: it renews the kept answer, or shows that it is another by now (RFC 9111 §4.3.5). */
function takeHead(
  parts: CacheParts,
  exchange: Exchange,
  { looked, known, requestedAt }: Going,
  { status, headers }: Reply,
): Taken {
  const { shelf, clock } = parts;
  // What has changed meanwhile is newer than what this one says.
  if (known === null || status !== 200 || known.entry.response !== known.stored) return NOTHING;
  const { entry, stored } = known, head = headers.flat();
  if (looked.personal) return NOTHING;
  if (!headAgrees(stored, head)) {
    discard(parts, known);
    return NOTHING;
  }
  const fields = updatedFields(stored.fields, head);
  const verdict = arrived(parts, exchange, looked, { status, fields, requestedAt, reply: null, sent: exchange });
  if (!verdict.keep || stored.part !== null) return NOTHING;
  const { freshness, vary, tags } = verdict;
  shelf.replace(entry, { ...stored, fields: verdict.fields, freshness, vary, tags, receivedAt: clock.now() });
  return NOTHING;
}

/** An answer that may be kept. */
interface Keeping {
  readonly reply: Reply;
  readonly verdict: Keep;
  readonly requestedAt: number;
}

/** Where it is to be kept, and what hears of purges until it is: {@link keep} takes that out of `fills`. */
export type Keeper = Pick<Looked, "key" | "variant"> & Pick<Going, "headers" | "underWay">;

/** Keeps the answer when all of it has been there, and its client has taken it. @returns whether it is worth a try */
export function keep(
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
