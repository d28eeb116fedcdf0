/** Waiting for what the upstream is asked. @module */

import { dropReply } from "../../core/drop_reply.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { MaybePromise } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import { clientLeft } from "../traffic/client_left.ts";
import type { Answering } from "./answering.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { Fill } from "./fill.ts";
import type { FillResult, Kept, StandsIn } from "./fill_result.ts";
import type { Looked } from "./looked.ts";
import { mayRefreshBehind, mayStandIn, useOf } from "./rules/use_of.ts";
import { CONDITIONAL_FIELDS, notModified } from "./selection/conditional.ts";
import { selectingText } from "./selection/vary.ts";
import type { StoredResponse } from "./stored_response.ts";

/** What a request does for which the answer that it has waited for was none. */
export interface Otherwise {
  /** Looks again: others may wait for the answer that it needs. */
  again(): MaybePromise<Reply>;
  /** Asks for itself, and has others wait for nothing. */
  alone(): MaybePromise<Reply>;
  /** Sends its own request on, as the answers are nobody else's. */
  through(): MaybePromise<Reply>;
}

/** Has requests wait for fills: the one that has begun it, and those that came upon it. */
export class FillWaiting {
  readonly #parts: CacheParts;
  readonly #answering: Answering;

  constructor(parts: CacheParts, answering: Answering) {
    this.#parts = parts;
    this.#answering = answering;
  }

  /** Waits for what this request has begun. */
  lead(exchange: Exchange, fill: Fill, looked: Looked): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const work = {
        abandon: () => {
          resolve(this.#left(exchange));
          fill.leave();
        },
      };
      fill.enter();
      exchange.onAbort(work);
      fill.result.then((result) => {
        if (exchange.aborted) return giveUp(result);
        exchange.offAbort(work);
        fill.leave();
        resolve(this.#led(exchange, result, looked));
      }).catch((cause) => {
        exchange.offAbort(work);
        reject(cause);
      });
    });
  }

  #led(exchange: Exchange, result: FillResult, { fwd }: Looked): Reply {
    const answering = this.#answering;
    if (result.kind === "own") return answering.passOn(exchange, result.reply, "miss", { fwd, detail: result.why });
    if (result.kind === "stands-in") return answering.standIn(exchange, result, fwd);
    const { stored, how, stays, reply } = result;
    if (how === "second-tier") return answering.give(exchange, stored, "hit", { detail: how })!;
    if (how === "revalidated") {
      return answering.give(exchange, stored, "revalidated", { forwarded: { fwd, fwdStatus: 304, stored: stays } })!;
    }
    const forwarded = { fwd, stored: stays };
    if (reply !== null && !this.#hasIt(exchange, stored)) return answering.passOn(exchange, reply, "miss", forwarded);
    if (reply !== null) dropReply(reply);
    return answering.give(exchange, stored, "miss", { forwarded })!;
  }

  /** Whether the client has the answer already, by its own conditions (RFC 9111 §4.3.2). */
  #hasIt({ headers }: Exchange, stored: StoredResponse): boolean {
    return headers.hasAny(CONDITIONAL_FIELDS) && notModified(headers, stored, this.#parts.clock.wall());
  }

  /** Waits for what another request has begun, but not for ever, and no longer than its own client does. */
  join(exchange: Exchange, fill: Fill, looked: Looked, otherwise: Otherwise): Promise<Reply> {
    const { deadlines, plan } = this.#parts, filling = fill.trace?.span ?? null;
    if (filling !== null) exchange.trace?.span?.link(filling);
    return new Promise((resolve, reject) => {
      let over = false;
      const end = (answer: () => MaybePromise<Reply>) => {
        if (over) return;
        over = true;
        deadline.cancel();
        exchange.offAbort(work);
        fill.leave();
        try {
          resolve(answer());
        } catch (cause) {
          reject(cause);
        }
      };
      const work = { abandon: () => end(() => this.#left(exchange)) };
      const past = (why: string) => () => this.#answering.past(exchange, looked.fwd, why);
      const deadline = deadlines.after(plan.coalesce!.wait, () => end(past("waited-too-long")));
      fill.enter();
      exchange.onAbort(work);
      fill.result.then(
        (result) => end(() => this.#joined(exchange, fill, result, looked, otherwise)),
        () => end(past("failed")),
      );
    });
  }

  /** The client has left before there was an answer. */
  #left(exchange: Exchange): Reply {
    this.#answering.count(exchange, "miss");
    return clientLeft(exchange);
  }

  #joined(
    exchange: Exchange,
    fill: Fill,
    result: FillResult,
    looked: Looked,
    otherwise: Otherwise,
  ): MaybePromise<Reply> {
    if (result.kind === "own") return otherwise.through();
    if (!this.#isFor(exchange, fill, result.stored)) return otherwise.again();
    return result.kind === "stands-in"
      ? this.#standIn(exchange, result, looked) ?? otherwise.through()
      : this.#shared(exchange, result, looked, otherwise);
  }

  /** Whether the upstream would have chosen the same answer for this request (RFC 9111 §4.1). */
  #isFor({ headers }: Exchange, fill: Fill, { vary }: StoredResponse): boolean {
    const { forms } = this.#parts;
    return vary.length === 0 || selectingText(vary, headers, forms) === selectingText(vary, fill.headers, forms);
  }

  #standIn(exchange: Exchange, result: StandsIn, { asked, fwd }: Looked): Reply | null {
    const may = mayStandIn(result.stored, asked, this.#parts.clock.now(), result.extra);
    return may ? this.#answering.standIn(exchange, result, fwd) : null;
  }

  #shared(
    exchange: Exchange,
    { stored, how, growing }: Kept,
    { asked, fwd }: Looked,
    otherwise: Otherwise,
  ): MaybePromise<Reply> {
    const now = this.#parts.clock.now();
    if (useOf(stored, asked, now) === "validate" && !mayRefreshBehind(stored, now)) return otherwise.alone();
    if (growing?.joinable === false) return otherwise.again();
    if (how === "second-tier") return this.#answering.give(exchange, stored, "hit", { detail: how })!;
    const body = growing?.reader();
    const reply = this.#answering.give(exchange, stored, "collapsed", { forwarded: { fwd, collapsed: true }, body })!;
    if (reply.body !== body) body?.cancel();
    return reply;
  }
}

/** Nobody takes what came. */
export function giveUp(result: FillResult): void {
  if (result.kind === "own") dropReply(result.reply);
  else if (result.kind === "kept" && result.reply !== null) dropReply(result.reply);
}
