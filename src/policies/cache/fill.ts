/** Asking the upstream on behalf of everybody who wants the same. @module */

import { isBodySource } from "../../core/body.ts";
import { dropReply } from "../../core/drop_reply.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler } from "../../core/handler.ts";
import type { HeaderList } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import type { ExchangeTrace } from "../../core/trace.ts";
import { thrownMessage } from "../../core/thrown.ts";
import { wholeBody } from "../whole_body.ts";
import { askedFields } from "./asked_fields.ts";
import type { CacheParts } from "./cache_parts.ts";
import { DetachedExchange } from "./detached_exchange.ts";
import type { FillResult, Kept } from "./fill_result.ts";
import type { UnderWay } from "./fills.ts";
import { GrowingBody } from "./growing_body.ts";
import { discard, keepBehind, keepInTiers, type Known } from "./keep_in_tiers.ts";
import { arrived, fieldsOf, type Looked, replaces, TOO_LARGE, UNASKED_PART } from "./looked.ts";
import { combined, completingFields, partOf } from "./ranges/partial.ts";
import type { Keep, Verdict } from "./rules/judge.ts";
import { useOf } from "./rules/use_of.ts";
import { refreshedFields, validators } from "./selection/validation.ts";
import { standsIn } from "./stand_in.ts";
import { storedOf } from "./stored_of.ts";
import { ageAt, type StoredResponse } from "./stored_response.ts";

const NO_BYTES = new Uint8Array(0);

/**
 * One request upstream, whose answer is given to whoever waits for it, and kept. It belongs to none of them: the client
 * that was the first may leave.
 */
export class Fill implements UnderWay {
  /** What came of it, once the head is there. It rejects where the chain threw. */
  readonly result: Promise<FillResult>;
  readonly key: string;
  readonly variant: string;
  /** The request's fields that it was begun with: the answer was chosen by some of them. */
  readonly headers: HeaderList;
  readonly startedAt: number;
  /** Where its work stands: in the trace of the first client, or in one of its own where it is nobody's. */
  readonly trace: ExchangeTrace | null;
  /** Whether the answer is older than an order to take such answers out: then it is given, and not kept. */
  outdated = false;
  readonly #parts: CacheParts;
  readonly #looked: Looked;
  readonly #next: Handler;
  readonly #origin: Exchange;
  /** The client's exchange that waits for it; `null`: it is refreshed behind everybody's back. */
  readonly #led: Exchange | null;
  #exchange: DetachedExchange | null = null;
  #growing: GrowingBody | null = null;
  #kept: Kept | null = null;
  /** Who waits for the head. */
  #waiting = 0;
  #answered = false;
  #abandoned = false;

  /**
   * @param origin the request that it is a copy of
   * @param led whether its client waits for the answer
   */
  constructor(parts: CacheParts, next: Handler, origin: Exchange, looked: Looked, led: boolean) {
    this.#parts = parts;
    this.#next = next;
    this.#looked = looked;
    this.#origin = origin;
    this.#led = led ? origin : null;
    this.key = looked.key;
    this.variant = looked.variant;
    this.headers = fieldsOf(origin);
    this.startedAt = parts.clock.now();
    this.trace = led ? origin.trace : origin.trace?.detached({ name: "cache refresh" }) ?? null;
    this.result = this.#run();
    this.result.then((result) => {
      this.#answered = true;
      if (result.kind === "kept") this.#kept = result;
      if (this.#growing === null) this.#endRefresh();
    }, () => {
      this.#answered = true;
      this.#endRefresh();
    });
  }

  /** The answer, where its head is there and it can be kept. */
  get kept(): Kept | null {
    return this.#kept;
  }

  /** Somebody waits for the head. */
  enter(): void {
    this.#waiting++;
  }

  /** Who waited has it, or has left. */
  leave(): void {
    this.#waiting--;
    if (this.#abandoned) this.#giveUp();
  }

  abandon(): void {
    this.outdated = this.#abandoned = true;
    this.#growing?.release();
    this.#giveUp();
  }

  #giveUp(): void {
    if (this.#waiting === 0 && !this.#answered && this.#growing === null) this.#exchange?.abort();
  }

  async #run(): Promise<FillResult> {
    const { clock, tier, shelf, log } = this.#parts, { key, variant, asked } = this.#looked;
    let { entry } = this.#looked;
    if (tier !== null && this.#led !== null) {
      const found = await tier.find(key, variant, this.headers, this).catch((error) => {
        log.error("an answer could not be read from the store", { cause: thrownMessage(error) });
        return null;
      });
      if (found !== null && !this.outdated && isYounger(found, entry?.response, clock.now())) {
        entry = shelf.put(key, variant, this.headers, found) ?? entry;
        if (useOf(found, asked, clock.now()) !== "validate") return this.#isKept(found, "second-tier");
      }
      if (this.#abandoned && this.#waiting === 0) throw new Error("the cache was closed, and nobody waits");
    }
    return await this.#ask(entry === undefined ? null : { entry, stored: entry.response });
  }

  /** Asks the upstream; where there is an answer that can be shown to be good, for that. */
  async #ask(known: Known | null): Promise<FillResult> {
    const { clock } = this.#parts, { asked } = this.#looked, stored = known?.stored;
    const missing = stored === undefined || stored.part === null ? null : completingFields(stored);
    const conditions = missing ?? (stored === undefined || stored.part !== null ? [] : validators(stored));
    const requestedAt = clock.now();
    const exchange = this.#exchange = new DetachedExchange(
      this.#origin,
      askedFields(this.headers, conditions),
      requestedAt,
      this.#led,
    );
    exchange.trace = this.trace;
    let reply: Reply;
    try {
      reply = await this.#next(exchange);
    } catch (error) {
      exchange.end();
      const stands = standsIn(this.#parts, known, asked, { status: 500, error: exchange.error });
      if (stands !== null) return stands;
      throw error;
    }
    exchange.tell();
    try {
      if (known !== null && missing !== null && reply.status === 206) {
        return await this.#complete(reply, known, requestedAt);
      }
      if (known !== null && missing === null && conditions.length > 0 && reply.status === 304) {
        return await this.#stillGood(reply, known, requestedAt);
      }
      const stands = standsIn(this.#parts, known, asked, { status: reply.status, error: exchange.error });
      if (stands !== null) {
        dropReply(reply);
        exchange.end();
        return stands;
      }
      return this.#take(reply, known, requestedAt);
    } catch (error) {
      dropReply(reply);
      exchange.end();
      throw error;
    }
  }

  /** The upstream has said that what is there is still good (RFC 9111 §4.3.4). */
  async #stillGood(reply: Reply, { entry, stored: known }: Known, requestedAt: number): Promise<FillResult> {
    const { clock, shelf } = this.#parts;
    dropReply(reply);
    this.#exchange!.end();
    const fields = refreshedFields(known, reply.headers.flat(), clock.wall());
    if (fields === null) {
      // It speaks of another answer than was asked about: that one is of no use.
      discard(this.#parts, { entry, stored: known });
      return await this.#ask(null);
    }
    const verdict = this.#judge(known.status, fields, requestedAt);
    if (!verdict.keep) {
      if (replaces(verdict.why, 200)) discard(this.#parts, { entry, stored: known });
      // It is for him who has asked: nobody else may have it without asking too.
      const only = { ...known, fields, freshness: { ...known.freshness, noCache: true } };
      return { ...this.#isKept(only, "revalidated"), stays: false };
    }
    const stored = this.#stored(known.status, verdict, requestedAt, known.body);
    const there = entry.held ? entry : shelf.find(this.key, this.variant, this.headers);
    // A newer one that has come meanwhile stays.
    if (!this.outdated && (there === undefined || there.response === known)) {
      if (!shelf.replace(entry, stored)) shelf.put(this.key, this.variant, this.headers, stored);
      keepBehind(this.#parts, this, stored);
    }
    return this.#isKept(stored, "revalidated");
  }

  /** The rest of what a part is kept of has come (RFC 9111 §3.4); the answer is given when it is whole. */
  async #complete(reply: Reply, { entry, stored: known }: Known, requestedAt: number): Promise<FillResult> {
    const { plan } = this.#parts, fields = reply.headers.flat();
    const verdict = this.#judge(206, fields, requestedAt);
    const bytes = await wholeBody(reply.body ?? NO_BYTES, plan.maxBody).catch(() => null);
    this.#exchange!.end();
    const part = bytes === null ? null : partOf(206, fields, bytes.length);
    if (verdict.keep && bytes !== null && part !== null) {
      const whole = combined(known, { ...this.#stored(206, verdict, requestedAt, bytes), part });
      if (whole !== null && whole.part === null) {
        this.#keep(whole);
        return this.#isKept(whole, "sent");
      }
    }
    // The two do not make one.
    discard(this.#parts, { entry, stored: known });
    return await this.#ask(null);
  }

  #take(reply: Reply, known: Known | null, requestedAt: number): FillResult {
    const { plan } = this.#parts, exchange = this.#exchange!;
    // What the gateway itself says of a failure is for this one request.
    if (exchange.error !== "") return this.#pass(reply, known, exchange.error);
    const verdict = reply.tunnel !== null
      ? { keep: false as const, why: "tunnel" }
      : this.#judge(reply.status, reply.headers.flat(), requestedAt, reply);
    const { body } = reply;
    if (!verdict.keep) return this.#pass(reply, known, verdict.why);
    if (reply.status === 206) return this.#pass(reply, known, UNASKED_PART);
    if ((body?.length ?? 0) > plan.maxBody) return this.#pass(reply, known, TOO_LARGE);
    if (!isBodySource(body)) {
      exchange.end();
      const stored = this.#stored(reply.status, verdict, requestedAt, body ?? NO_BYTES);
      this.#keep(stored);
      return { ...this.#isKept(stored, "sent"), reply };
    }
    const growing = this.#growing = new GrowingBody(body, plan.maxBody);
    if (this.#led !== null) reply.body = growing.reader();
    if (this.#abandoned) growing.release();
    const stored = this.#stored(reply.status, verdict, requestedAt, NO_BYTES);
    this.#grow(growing, stored);
    return { ...this.#isKept(stored, "sent"), growing, reply: this.#led === null ? null : reply };
  }

  /** The answer is nobody's but his who asked; the copy is over when his request is. */
  #pass(reply: Reply, known: Known | null, why: string): FillResult {
    const { uncacheable } = this.#parts, exchange = this.#exchange!, led = this.#led, { status } = reply;
    // A failure here, such as a refusal, says nothing about what others are answered.
    if (exchange.error === "") {
      // A newer answer than the one that was there, which is not to be kept: the older one has had its time.
      if (known !== null && replaces(why, status)) discard(this.#parts, known);
      if (status < 500 && this.#looked.asked?.noStore !== true) uncacheable.add(this.#looked.id, why === TOO_LARGE);
    }
    if (led !== null) led.onAbort({ abandon: () => led.aborted ? exchange.abort() : exchange.end() });
    else {
      dropReply(reply);
      exchange.end();
    }
    return { kind: "own", reply, why };
  }

  async #grow(growing: GrowingBody, stored: StoredResponse): Promise<void> {
    const bytes = await growing.pump();
    this.#exchange!.end();
    if (bytes !== null) this.#keep({ ...stored, body: bytes });
    else if (growing.tooLong) this.#parts.uncacheable.add(this.#looked.id, true);
    this.#parts.fills.remove(this);
    this.#endRefresh();
  }

  /** Nobody else ends the span of what is nobody's. */
  #endRefresh(): void {
    if (this.#led === null) this.trace?.span?.end();
  }

  #keep(stored: StoredResponse): void {
    if (!this.outdated) keepInTiers(this.#parts, this, stored);
  }

  #isKept(stored: StoredResponse, how: Kept["how"]): Kept {
    return { kind: "kept", how, stays: !this.outdated, stored, growing: null, reply: null };
  }

  #judge(status: number, fields: readonly string[], requestedAt: number, reply: Reply | null = null): Verdict {
    const head = { status, fields, requestedAt, reply, sent: this.#exchange! };
    return arrived(this.#parts, this.#origin, this.#looked, head);
  }

  #stored(status: number, verdict: Keep, requestedAt: number, body: Uint8Array): StoredResponse {
    return storedOf({ status, body, requestedAt, receivedAt: this.#parts.clock.now() }, verdict);
  }
}

function isYounger(found: StoredResponse, stored: StoredResponse | undefined, now: number): boolean {
  return stored === undefined || ageAt(found, now) < ageAt(stored, now);
}
