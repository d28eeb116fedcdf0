/** Giving answers, and saying how the cache came by them. @module */

import type { Body } from "../../core/body.ts";
import type { CacheOutcome, Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import { problem } from "../../http/problem.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { Forwarded, ForwardedStatus } from "./cache_status.ts";
import type { StandsIn } from "./fill_result.ts";
import { keptAnswer } from "./kept_answer.ts";
import { ttlOf } from "./ready_answer.ts";
import { ageAt, type StoredResponse } from "./stored_response.ts";

/** How a kept answer is given. */
export interface HowGiven {
  /** What the request was sent on for, where it was; else it is a hit. */
  readonly forwarded?: ForwardedStatus;
  /** About a hit. */
  readonly detail?: string;
  /** Its content, where that is still coming. */
  readonly body?: Body;
}

/** Why a request is sent on that the cache was asked about. */
const MISSES: ReadonlySet<Forwarded> = new Set(["uri-miss", "vary-miss", "stale", "partial"]);

/** Gives answers in the name of one cache. */
export class Answering {
  readonly #parts: CacheParts;
  readonly #next: Handler;

  constructor(parts: CacheParts, next: Handler) {
    this.#parts = parts;
    this.#next = next;
  }

  /** A kept answer for this request; `null` where it is a part of what is asked for. */
  give(
    exchange: Exchange,
    stored: StoredResponse,
    outcome: Exclude<CacheOutcome, "">,
    { forwarded, detail, body }: HowGiven = {},
  ): Reply | null {
    const { clock, random, status } = this.#parts, now = clock.now();
    const ttl = ttlOf(stored, Math.floor(ageAt(stored, now) / 1_000));
    const said = status === null
      ? null
      : forwarded === undefined
      ? status.hit(ttl, detail)
      : status.forwarded(forwarded);
    const isNew = outcome === "miss" || outcome === "revalidated";
    const reply = keptAnswer(exchange, stored, { now, wall: clock.wall(), random, said, isNew, body });
    if (reply !== null) this.count(exchange, outcome);
    return reply;
  }

  /** A kept answer, in the place of a failure. */
  standIn(exchange: Exchange, { stored, status: fwdStatus }: StandsIn, fwd: Forwarded): Reply {
    exchange.error = "";
    return this.give(exchange, stored, "stale", { forwarded: { fwd, fwdStatus, detail: "stale-if-error" } })!;
  }

  /** The answer as the upstream has sent it. */
  passOn(exchange: Exchange, reply: Reply, outcome: "miss" | "bypass", forwarded: ForwardedStatus): Reply {
    this.count(exchange, outcome);
    const { status } = this.#parts;
    if (status !== null) reply.headers.add("cache-status", status.forwarded(forwarded));
    return reply;
  }

  /** Sends a request on whose answer is not kept. */
  past(exchange: Exchange, fwd: Forwarded, detail: string, next: Handler = this.#next): MaybePromise<Reply> {
    const outcome = MISSES.has(fwd) ? "miss" : "bypass";
    const reply = next(exchange), pass = (reply: Reply) => this.passOn(exchange, reply, outcome, { fwd, detail });
    return reply instanceof Promise ? reply.then(pass) : pass(reply);
  }

  /** To a request that wants a kept answer or none (RFC 9111 §5.2.1.7). */
  notKept(exchange: Exchange): Reply {
    const detail = "The request may be answered from the cache only, and there is no answer for it.";
    exchange.error = "not_cached";
    this.count(exchange, "miss");
    // RFC 9211 §2: nothing is said of answers of one's own.
    return problem(exchange, { status: 504, code: "not_cached", detail });
  }

  count(exchange: Exchange, outcome: Exclude<CacheOutcome, "">): void {
    exchange.cache = outcome;
    this.#parts.counts.add(outcome);
  }
}
