/** Spans on their way to a collector. @module */

import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { Cancel, Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { BatchPlan } from "../telemetry_plan.ts";
import type { SpanSink } from "./span_sink.ts";

/** Milliseconds between two warnings about lost spans. */
const REPORT_MS = 60_000;
/** How long closing waits for the collector, in milliseconds. */
const CLOSE_MS = 3000;

/** Sends spans to a collector. */
export interface SpanSender {
  /** @returns why they could not be sent, or `null` when they were; it does not throw */
  send(spans: ReadableSpan[]): Promise<string | null>;
  /** Gives up what is under way. */
  close(): void;
}

/** What a {@link SpanQueue} needs of the world. */
export interface SpanQueueEnv {
  readonly clock: Clock;
  /** Hears of spans that were lost. */
  readonly log: Log;
}

/**
 * Gathers spans into batches, one under way at a time. A collector that is slow or away costs spans, never time or
 * memory: the newest are dropped beyond the queue's bound, counted and, now and then, told to the log.
 */
export class SpanQueue implements SpanSink {
  readonly whole = false;
  readonly #sender: SpanSender;
  readonly #plan: BatchPlan;
  readonly #env: SpanQueueEnv;
  #waiting: ReadableSpan[] = [];
  #sending: Promise<void> | null = null;
  /** Spans that the collector has not answered yet. */
  #underWay = 0;
  #due: Cancel | null = null;
  #dropped = 0;
  #told = 0;
  #reason = "";
  #report: Cancel | null = null;
  #closed = false;

  constructor(sender: SpanSender, plan: BatchPlan, env: SpanQueueEnv) {
    this.#sender = sender;
    this.#plan = plan;
    this.#env = env;
  }

  get dropped(): number {
    return this.#dropped;
  }

  take(spans: readonly ReadableSpan[]): void {
    const { queue, size, delay } = this.#plan, waiting = this.#waiting;
    for (let i = 0; i < spans.length; i++) {
      if (this.#closed || waiting.length >= queue) return this.#lose(spans.length - i, "the collector is too slow");
      waiting.push(spans[i]);
    }
    if (this.#sending !== null) return;
    if (waiting.length >= size) this.#pump();
    else this.#due ??= this.#env.clock.after(delay, () => this.#pump());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const late = Promise.withResolvers<void>();
    const cancel = this.#env.clock.after(CLOSE_MS, late.resolve);
    this.#pump();
    await Promise.race([this.#idle(), late.promise]);
    cancel();
    const left = this.#waiting.splice(0).length + this.#underWay;
    this.#underWay = 0;
    if (left > 0) this.#lose(left, "the collector did not take them in time");
    this.#tell();
    this.#sender.close();
  }

  async #idle(): Promise<void> {
    while (this.#sending !== null) await this.#sending;
  }

  #pump(): void {
    this.#due?.();
    this.#due = null;
    if (this.#sending === null && this.#waiting.length > 0) this.#sending = this.#drain();
  }

  /** Whole batches at once; what does not fill one waits for others, but at the end. */
  async #drain(): Promise<void> {
    const { size, delay } = this.#plan;
    do {
      const batch = this.#waiting.splice(0, size);
      this.#underWay = batch.length;
      const failure = await this.#sender.send(batch);
      if (failure !== null && this.#underWay > 0) this.#lose(batch.length, failure);
      this.#underWay = 0;
    } while (this.#waiting.length >= size || (this.#closed && this.#waiting.length > 0));
    this.#sending = null;
    if (this.#waiting.length > 0) this.#due = this.#env.clock.after(delay, () => this.#pump());
  }

  #lose(spans: number, reason: string): void {
    this.#dropped += spans;
    this.#reason = reason;
    if (this.#report !== null || this.#closed) return;
    // The first loss is told at once: it shows a collector that was never there.
    this.#tell();
    this.#report = this.#env.clock.after(REPORT_MS, () => {
      this.#report = null;
      this.#tell();
    });
  }

  #tell(): void {
    const spans = this.#dropped - this.#told;
    if (this.#closed) this.#report?.();
    if (spans === 0) return;
    this.#told = this.#dropped;
    this.#env.log.warn("spans were lost", { spans, reason: this.#reason });
  }
}
