/** What looking a request up has told. @module */

import type { Exchange } from "../../core/exchange.ts";
import { HeaderList } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import { thrownMessage } from "../../core/thrown.ts";
import { contextOf } from "../exchange_context.ts";
import type { Forwarded } from "./cache_status.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { CachePlan } from "./cache_plan.ts";
import type { ShelfEntry } from "./memory/shelf_entry.ts";
import { judge, type Verdict } from "./rules/judge.ts";
import type { RequestDirectives } from "./rules/request_directives.ts";
import { isAboutUrl } from "./rules/statuses.ts";

/** What of a request bears on whose its answer is. It is read before the request is sent on, as others may change it then. */
export interface Asker {
  /** Whether a policy had accepted a credential. */
  readonly credentialed: boolean;
  /** Whether it carried a credential, and nothing makes its answer one for everybody or keeps it apart. */
  readonly personal: boolean;
  /** What it asks of caches; `null`: nothing. */
  readonly asked: RequestDirectives | null;
}

/** A request that the cache has no ready answer for. */
export interface Looked extends Asker {
  /** What its URL comes to. */
  readonly key: string;
  /** What its own variant comes to, beside the fields that `Vary` names. */
  readonly variant: string;
  /** Requests with the same one are answered together. */
  readonly id: string;
  /** What there is for it, whether it may be used or not. */
  readonly entry: ShelfEntry | undefined;
  /** Why it is sent on. */
  readonly fwd: Forwarded;
}

/** Who is asking. */
export function askerOf(plan: CachePlan, exchange: Exchange, asked: RequestDirectives | null): Asker {
  const { credentialed, headers } = exchange;
  const personal = !plan.shared && !plan.byIdentity && (credentialed || headers.has("authorization"));
  return { credentialed, personal, asked };
}

/**
 * An id for requests that are answered together: they would have the same answer, as far as can be told. Those with a
 * credential have ids of their own, as theirs is mostly nobody else's. No URL, and no field, has a line feed.
 *
 * @param chosenBy what the fields come to that the upstream chooses by; `null`: it is not known to choose
 */
export function idOf(
  key: string,
  variant: string,
  chosenBy: string | null,
  { personal }: Pick<Asker, "personal">,
): string {
  return `${key}\n${personal ? "!" : ""}${variant.length} ${variant}${chosenBy ?? ""}`;
}

/** The request fields as they are now: policies behind the cache change them for the upstream. */
export function fieldsOf({ headers }: Exchange): HeaderList {
  return HeaderList.of(...headers.flat());
}

/** The head of an answer. */
export interface ArrivedHead {
  readonly status: number;
  readonly fields: readonly string[];
  readonly requestedAt: number;
  /** As the `noStore` function sees it; `null`: it is not asked. */
  readonly reply: Reply | null;
  /** The exchange that was sent on. */
  readonly sent: Exchange;
}

/** Whether an answer that has just come may be kept, by the rules and by the config's own function. */
export function arrived(
  { clock, plan, log }: CacheParts,
  exchange: Exchange,
  { asked, personal, credentialed }: Asker,
  { status, fields, requestedAt, reply, sent }: ArrivedHead,
): Verdict {
  const verdict = judge({
    method: exchange.method,
    status,
    fields,
    requestedAt,
    receivedAt: clock.now(),
    wall: clock.wall(),
    // Who was found out behind the cache is in none of its keys.
    authorized: personal || (!plan.shared && sent.credentialed && !credentialed),
    noStore: asked?.noStore === true,
  }, plan);
  if (!verdict.keep || reply === null || plan.noStore === null) return verdict;
  try {
    return plan.noStore(contextOf(exchange, log), reply) ? NOT_BY_CONFIG : verdict;
  } catch (cause) {
    log.error("noStore of a cache threw, and the answer is not kept", {
      route: exchange.route,
      cause: thrownMessage(cause),
    });
    return NOT_BY_CONFIG;
  }
}

/** Why an answer is not kept that the rules let be kept: it is too long, or a part where all of it was asked for. */
export const TOO_LARGE = "too-large", UNASKED_PART = "unasked-206";
const NOT_BY_CONFIG: Verdict = Object.freeze({ keep: false, why: "config" });
/** Why an answer is not kept that says nothing about what others are answered. */
const OF_REQUEST: ReadonlySet<string> = new Set(["request-no-store", "authorized"]);

/** Whether an answer that is not kept shows that the one that was there has had its time. */
export function replaces(why: string, status: number): boolean {
  return status < 500 && isAboutUrl(status) && !OF_REQUEST.has(why);
}
