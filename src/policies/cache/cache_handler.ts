/** The way of a request through a cache. @module */

import type { Exchange } from "../../core/exchange.ts";
import { FieldSet } from "../../core/field_set.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import { thrownMessage } from "../../core/thrown.ts";
import { contextOf } from "../exchange_context.ts";
import { Answering } from "./answering.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { CachePlan } from "./cache_plan.ts";
import type { Forwarded } from "./cache_status.ts";
import { Fill } from "./fill.ts";
import { FillWaiting } from "./fill_waiting.ts";
import type { CacheKeys } from "./key_reader.ts";
import { askerOf, idOf, type Looked } from "./looked.ts";
import type { ShelfEntry } from "./memory/shelf_entry.ts";
import { ReadyAnswer } from "./ready_answer.ts";
import { type RequestDirectives, requestDirectives } from "./rules/request_directives.ts";
import { mayRefreshBehind, useOf } from "./rules/use_of.ts";
import { ASKING_FIELDS, UPSTREAM_CONDITIONS } from "./selection/conditional.ts";
import { selectingText } from "./selection/vary.ts";
import { sharedFill } from "./shared_fill.ts";
import type { StoredResponse } from "./stored_response.ts";
import { sendThrough } from "./through.ts";
import { invalidating, isSafe } from "./unsafe_methods.ts";

const DIRECTIVES = ["cache-control", "pragma"];
/** Fields by which many frameworks take a GET for another method: it is neither asked by a GET nor answered for one. */
const OVERRIDE_NAMES = ["x-http-method-override", "x-http-method", "x-method-override"];
const OVERRIDES = new FieldSet(OVERRIDE_NAMES);
/** Milliseconds without another try to refresh an answer after one that has failed. */
const REFRESH_PAUSE = 1_000;
/** How often a request looks again after the answer that it had waited for was none for it. */
const ROUNDS = 3;

/** Answers from the cache what it can, and keeps what it may. One for each place in a chain. */
export class CacheHandler {
  readonly #parts: CacheParts;
  readonly #keys: CacheKeys;
  readonly #next: Handler;
  readonly #answering: Answering;
  readonly #waiting: FillWaiting;
  /** Fields without which a request is for the whole answer, and asks nothing of caches. */
  readonly #special: FieldSet;

  constructor(parts: CacheParts, keys: CacheKeys, next: Handler) {
    this.#parts = parts;
    this.#keys = keys;
    this.#next = next;
    this.#answering = new Answering(parts, next);
    this.#waiting = new FillWaiting(parts, this.#answering);
    this.#special = ASKING_FIELDS.with([...OVERRIDE_NAMES, ...parts.plan.requestDirectives ? DIRECTIVES : []]);
  }

  /** The fast way first: a fresh answer for a request that wants nothing special. */
  readonly handle: Handler = (exchange) => {
    const { method, headers } = exchange, { plan, shelf } = this.#parts, answering = this.#answering;
    if (method !== "GET" && method !== "HEAD" && !plan.key.methods.includes(method)) return this.#otherMethod(exchange);
    if (exchange.upgrade !== "") return answering.past(exchange, "bypass", "upgrade");
    if (plan.bypass !== null && this.#bypasses(plan.bypass, exchange)) {
      return answering.past(exchange, "bypass", "config");
    }
    const variant = this.#keys.variantOf(exchange);
    if (variant === null) return answering.past(exchange, "bypass", "no-key");
    // The time at which the request came: to ask for the time would cost as much as the rest.
    const key = this.#keys.keyOf(exchange), entry = shelf.find(key, variant, headers), now = exchange.startedAt;
    if (entry !== undefined && !headers.hasAny(this.#special)) {
      const ready = this.#ready(entry);
      if (now < ready.until && now >= ready.since) {
        entry.hits++;
        answering.count(exchange, "hit");
        return ready.hit(now);
      }
    }
    return this.#look(exchange, key, variant, entry, 0);
  };

  #bypasses(bypass: NonNullable<CachePlan["bypass"]>, exchange: Exchange): boolean {
    const { log } = this.#parts;
    try {
      return bypass(contextOf(exchange, log));
    } catch (cause) {
      log.error("bypass of a cache threw, and the request goes past it", {
        route: exchange.route,
        cause: thrownMessage(cause),
      });
      return true;
    }
  }

  #ready(entry: ShelfEntry): ReadyAnswer {
    const ready = entry.ready, parts = this.#parts;
    if (ready instanceof ReadyAnswer && ready.maker === parts) return ready;
    const { status, plan, random, clock } = parts, { took } = entry.response;
    // XFetch (Vattani, Chierichetti, Lowenstein, 2015): one draw for the answer, as it is asked for all the time.
    const early = plan.refreshEarly === 0 ? 0 : -Math.log(1 - random()) * took * plan.refreshEarly;
    return entry.ready = new ReadyAnswer(entry.response, { status, early, since: clock.now(), maker: parts });
  }

  /** @param round how often it has waited for an answer that was none for it */
  #look(
    exchange: Exchange,
    key: string,
    variant: string,
    entry: ShelfEntry | undefined,
    round: number,
  ): MaybePromise<Reply> {
    const { plan, clock, shelf } = this.#parts, { headers } = exchange, answering = this.#answering;
    // Whether they hold is only for the upstream to say (RFC 9111 §4.3.2).
    if (headers.hasAny(UPSTREAM_CONDITIONS)) return answering.past(exchange, "request", "condition");
    if (headers.hasAny(OVERRIDES)) return answering.past(exchange, "request", "method-override");
    const asked = plan.requestDirectives ? directivesOf(exchange) : null, stored = entry?.response;
    if (entry !== undefined) {
      const kept = this.#kept(exchange, entry, asked, clock.now());
      if (kept !== null) return kept;
    }
    if (asked?.onlyIfCached === true) return answering.notKept(exchange);
    const chosenBy = shelf.distinguish(key, headers), asker = askerOf(plan, exchange, asked);
    const looked: Looked = {
      ...{ key, variant, entry, ...asker },
      id: idOf(key, variant, chosenBy, asker),
      fwd: stored === undefined ? chosenBy === null ? "uri-miss" : "vary-miss" : whyNot(stored, asked),
    };
    return this.#fetch(exchange, looked, round);
  }

  /** What is there, where it may be used. */
  #kept(exchange: Exchange, entry: ShelfEntry, asked: RequestDirectives | null, now: number): Reply | null {
    const stored = entry.response, use = useOf(stored, asked, now);
    const behind = use === "validate" && !demands(asked) && mayRefreshBehind(stored, now);
    if (use === "validate" && !behind) return null;
    const reply = this.#answering.give(exchange, stored, use === "fresh" ? "hit" : "stale");
    if (reply === null) return null;
    entry.hits++;
    // What is fresh, and past the time that its ready form is for, is to be refreshed early.
    if (behind || (use === "fresh" && stored.part === null && now >= this.#ready(entry).until)) {
      this.#refresh(exchange, entry);
    }
    return reply;
  }

  #fetch(exchange: Exchange, looked: Looked, round: number): MaybePromise<Reply> {
    const { plan, uncacheable } = this.#parts, { method, headers } = exchange, { asked, entry } = looked;
    const isPart = headers.has("range") && (entry === undefined || entry.response.part !== null);
    if (method !== "GET" || isPart || uncacheable.has(looked.id)) return this.#through(exchange, looked);
    const joinable = plan.coalesce !== null && round < ROUNDS && !demands(asked) && !isAlwaysAsked(entry?.response);
    if (!joinable) return this.#lead(exchange, looked, false);
    const { id, fill } = sharedFill(this.#parts, exchange, looked, plan.coalesce!.wait);
    if (fill === undefined) return this.#lead(exchange, { ...looked, id }, true);
    if (fill.kept?.growing?.tooLong === true) {
      uncacheable.add(looked.id, true);
      return this.#through(exchange, looked);
    }
    const { key, variant } = looked, there = () => this.#parts.shelf.find(key, variant, headers);
    return this.#waiting.join(exchange, fill, looked, {
      again: () => this.#look(exchange, key, variant, there(), round + 1),
      alone: () => {
        const entry = there();
        const found = entry === undefined ? looked : { ...looked, entry, fwd: whyNot(entry.response, asked) };
        return this.#lead(exchange, found, false);
      },
      through: () => this.#through(exchange, looked),
    });
  }

  #through(exchange: Exchange, looked: Looked): MaybePromise<Reply> {
    return sendThrough(this.#parts, this.#answering, this.#next, exchange, looked);
  }

  #lead(exchange: Exchange, looked: Looked, shared: boolean): Promise<Reply> {
    return this.#waiting.lead(exchange, this.#begin(exchange, looked, shared, true), looked);
  }

  #begin(exchange: Exchange, looked: Looked, shared: boolean, led: boolean): Fill {
    const { fills, forms } = this.#parts, fill = new Fill(this.#parts, this.#next, exchange, looked, led);
    fills.add(fill);
    if (shared) fills.share(looked.id, fill);
    const over = () => fills.remove(fill);
    fill.result.then((result) => {
      if (result.kind !== "kept" || result.growing === null) return over();
      // Now it is known by which fields it was chosen.
      const { key, variant } = looked, { vary } = result.stored;
      if (shared && vary.length > 0) {
        fills.share(idOf(key, variant, selectingText(vary, fill.headers, forms), looked), fill);
      }
    }, over);
    return fill;
  }

  /** Refreshes an answer that was given as it is. */
  #refresh(exchange: Exchange, entry: ShelfEntry): void {
    const { fills, log, shelf, plan, clock } = this.#parts,
      { key, variant } = entry,
      asker = askerOf(plan, exchange, null);
    const id = idOf(key, variant, shelf.distinguish(key, exchange.headers), asker);
    if (fills.get(id) !== undefined || clock.now() < entry.refreshAfter) return;
    const looked: Looked = { key, variant, id, entry, ...asker, fwd: "stale" };
    const later = () => entry.refreshAfter = clock.now() + REFRESH_PAUSE;
    this.#begin(exchange, looked, true, false).result.then((result) => {
      if (result.kind !== "kept") later();
    }, (cause) => {
      later();
      log.warn("an answer in the cache could not be fetched anew", {
        route: exchange.route,
        cause: thrownMessage(cause),
      });
    });
  }

  #otherMethod(exchange: Exchange): MaybePromise<Reply> {
    if (isSafe(exchange.method)) return this.#answering.past(exchange, "method", "");
    const parts = this.#parts, asked = parts.plan.requestDirectives ? directivesOf(exchange) : null;
    return this.#answering.past(exchange, "method", "", (x) => invalidating(parts, this.#keys, this.#next, x, asked));
  }
}

function directivesOf({ headers }: Exchange): RequestDirectives | null {
  const control = headers.get("cache-control"), pragma = headers.get("pragma");
  return control === null && pragma === null ? null : requestDirectives(control, pragma);
}

/** Whether it wants a newer answer than others would have to be content with. */
function demands(asked: RequestDirectives | null): boolean {
  return asked !== null &&
    (asked.noCache || asked.noStore || asked.maxAge !== undefined || asked.minFresh !== undefined);
}

/** Whether it has to be asked for each time whether it is good. */
function isAlwaysAsked(stored: StoredResponse | undefined): boolean {
  if (stored === undefined) return false;
  const { noCache, lifetime, staleWhileRevalidate } = stored.freshness;
  return noCache || (lifetime === 0 && staleWhileRevalidate === 0);
}

/** Why a kept answer is not used. */
function whyNot({ part }: StoredResponse, asked: RequestDirectives | null): Forwarded {
  if (part !== null) return "partial";
  return demands(asked) ? "request" : "stale";
}
