/** Requests that go upstream as they are, and whose answers may be kept all the same. @module */

import { isBodySource } from "../../core/body.ts";
import { dropReply } from "../../core/drop_reply.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import type { HeaderList } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import type { Answering } from "./answering.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { UnderWay } from "./fills.ts";
import { discard, type Known } from "./keep_in_tiers.ts";
import { keepWhenWhole } from "./keep_when_whole.ts";
import { arrived, fieldsOf, type Looked, replaces, TOO_LARGE, UNASKED_PART } from "./looked.ts";
import { headAgrees, updatedFields } from "./selection/validation.ts";
import { standsIn } from "./stand_in.ts";

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
  const { entry, id, fwd, asked } = looked, isHead = exchange.method === "HEAD";
  const going: Going = {
    looked,
    known: entry === undefined ? null : { entry, stored: entry.response },
    // What has turned out to be cacheable after all is kept the next time: to remember the fields of all that is not would
    // cost more.
    headers: isHead || parts.uncacheable.has(id) ? null : fieldsOf(exchange),
    ranged: exchange.headers.has("range"),
    requestedAt: parts.clock.now(),
    underWay: { key: looked.key, outdated: false, abandon: () => {} },
  };
  const { fills } = parts, { underWay, known } = going;
  fills.add(underWay);
  const take = (reply: Reply) => {
    const { error } = exchange, stands = standsIn(parts, known, asked, { status: reply.status, error });
    if (stands !== null) {
      fills.remove(underWay);
      dropReply(reply);
      return answering.standIn(exchange, stands, fwd);
    }
    // What the gateway itself says of a failure is for this one request.
    const taken = error !== "" ? not(error) : (isHead ? takeHead : takeReply)(parts, exchange, going, reply);
    if (!taken.stored) fills.remove(underWay);
    return answering.passOn(exchange, reply, "miss", { fwd, ...taken });
  };
  const failed = (cause: unknown) => {
    fills.remove(underWay);
    const stands = standsIn(parts, known, asked, { status: 500, error: exchange.error });
    if (stands === null) throw cause;
    return answering.standIn(exchange, stands, fwd);
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
  /** Whether it was for a part. */
  readonly ranged: boolean;
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

function not(detail: string): Taken {
  return { stored: false, detail };
}

function takeReply(parts: CacheParts, exchange: Exchange, going: Going, reply: Reply): Taken {
  const { uncacheable } = parts, { looked, known, ranged, requestedAt, headers } = going, { status, body } = reply;
  if (reply.tunnel !== null) return NOTHING;
  const head = { status, fields: reply.headers.flat(), requestedAt, reply, sent: exchange };
  const verdict = arrived(parts, exchange, looked, head);
  const why = !verdict.keep ? verdict.why : status === 206 && !ranged ? UNASKED_PART : "";
  if (!verdict.keep || why !== "") {
    if (known !== null && replaces(why, status)) discard(parts, known);
    return not(why);
  }
  const tooLarge = uncacheable.isTooLarge(looked.id) && isBodySource(body) && body.length === undefined;
  if (tooLarge || (body?.length ?? 0) > parts.plan.maxBody) return not(TOO_LARGE);
  if (status !== 206) uncacheable.delete(looked.id);
  const { key, variant } = looked, { underWay } = going;
  const stored = keepWhenWhole(parts, { key, variant, headers, underWay }, { reply, verdict, requestedAt });
  return { stored, detail: "" };
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
