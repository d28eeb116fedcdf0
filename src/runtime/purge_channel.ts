/** Purges among the threads of one process. @module */

import type { Clock } from "../core/clock.ts";
import { type Log, silentLog } from "../core/log.ts";
import type { Purge } from "../core/purge.ts";

/** Milliseconds that a thread is waited for: one that does not answer has ended. */
const PATIENCE = 1000;

/** What threads say to each other; `to` where one of them is meant. */
type Message =
  | { readonly kind: "hello" | "bye"; readonly from: string }
  | { readonly kind: "here"; readonly from: string; readonly to: string }
  | {
    readonly kind: "purge";
    readonly from: string;
    readonly number: number;
    readonly order: Purge;
    readonly cache: string | undefined;
  }
  | {
    readonly kind: "done";
    readonly from: string;
    readonly to: string;
    readonly number: number;
    readonly removed: number;
  };

/** Takes out what this thread has. @returns how many answers */
export type PurgeHere = (order: Purge, cache: string | undefined) => Promise<number>;

/** An order that others are at. */
interface Waiting {
  readonly for: Set<string>;
  removed: number;
  readonly end: () => void;
}

/** One thread's end. Threads that are on it know of each other, so that a purge is over when all of them have done it. */
export class PurgeChannel {
  readonly #channel: BroadcastChannel;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #self = crypto.randomUUID();
  readonly #others = new Set<string>();
  readonly #waiting = new Map<number, Waiting>();
  #here: PurgeHere | null = null;
  #number = 0;
  #closed = false;

  /**
   * @param name of the channel, which the threads of one gateway have in common
   * @param log hears of orders of others that could not be done here
   */
  constructor(name: string, clock: Clock, log: Log = silentLog) {
    this.#clock = clock;
    this.#log = log;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#heard(data);
    this.#say({ kind: "hello", from: this.#self });
  }

  /** How many others there are. */
  get others(): number {
    return this.#others.size;
  }

  /** Does what others tell. */
  answer(here: PurgeHere): void {
    this.#here = here;
  }

  /** Has the others do it. @returns how many answers they had taken out, once all have, or are past waiting for */
  tell(order: Purge, cache: string | undefined): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>(), number = ++this.#number;
    if (this.#closed || this.#others.size === 0) return Promise.resolve(0);
    const end = () => {
      cancel();
      this.#waiting.delete(number);
      for (const lost of waiting.for) this.#others.delete(lost);
      resolve(waiting.removed);
    };
    const waiting: Waiting = { for: new Set(this.#others), removed: 0, end }, cancel = this.#clock.after(PATIENCE, end);
    this.#waiting.set(number, waiting);
    this.#say({ kind: "purge", from: this.#self, number, order, cache });
    return promise;
  }

  close(): void {
    if (this.#closed) return;
    this.#say({ kind: "bye", from: this.#self });
    this.#closed = true;
    for (const { end } of [...this.#waiting.values()]) end();
    this.#channel.close();
  }

  #heard(message: Message): void {
    if (this.#closed || "to" in message && message.to !== this.#self) return;
    const { kind, from } = message;
    if (kind === "bye") {
      this.#others.delete(from);
      for (const [number] of [...this.#waiting]) this.#done(number, from, 0);
      return;
    }
    this.#others.add(from);
    if (kind === "hello") this.#say({ kind: "here", from: this.#self, to: from });
    else if (kind === "done") this.#done(message.number, from, message.removed);
    else if (kind === "purge") void this.#purge(message);
  }

  async #purge({ from, number, order, cache }: Extract<Message, { kind: "purge" }>): Promise<void> {
    let removed = 0;
    try {
      removed = await this.#here?.(order, cache) ?? 0;
    } catch (error) {
      this.#log.error("a purge failed", { error });
    }
    this.#say({ kind: "done", from: this.#self, to: from, number, removed });
  }

  #done(number: number, from: string, removed: number): void {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined || !waiting.for.delete(from)) return;
    waiting.removed += removed;
    if (waiting.for.size === 0) waiting.end();
  }

  #say(message: Message): void {
    if (!this.#closed) this.#channel.postMessage(message);
  }
}
