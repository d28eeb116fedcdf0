/** A log sink in a test's hands: each write waits until the test lets it go. @module */

import type { LogSink } from "../../../src/telemetry/lines/log_sink.ts";

/** Remembers what it was given. */
export class HeldSink implements LogSink {
  /** The batches, oldest first, as text. */
  readonly batches: string[] = [];
  closed = false;
  /** What was written by {@link writeSync}. */
  lastWords = "";
  /** How often. */
  reopened = 0;
  /** Writes that are under way at once, at most. */
  mostAtOnce = 0;
  readonly #waiting: { resolve(): void; reject(error: Error): void }[] = [];

  constructor(
    /** Whether writes wait for {@link release}. */
    public held = true,
  ) {}

  write(bytes: Uint8Array): Promise<void> {
    this.batches.push(new TextDecoder().decode(bytes));
    if (!this.held) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ resolve, reject });
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#waiting.length);
    return promise;
  }

  /** Ends the oldest write under way, well or with an error. */
  release(error?: Error): void {
    const write = this.#waiting.shift();
    if (write === undefined) throw new Error("no write is under way");
    if (error === undefined) write.resolve();
    else write.reject(error);
  }

  writeSync(bytes: Uint8Array): void {
    this.lastWords += new TextDecoder().decode(bytes);
  }

  reopen(): void {
    this.reopened++;
  }

  close(): void {
    this.closed = true;
  }
}
