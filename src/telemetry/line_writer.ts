/** Lines gathered into batches and written without holding anything up. @module */

import type { Cancel, Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { LogSink } from "./log_sink.ts";

/** A batch of this many bytes is written at once. */
const BATCH_BYTES = 64 * 1024;
/** How long a line waits for others, in milliseconds. */
const BATCH_MS = 100;
/** What may wait for a slow sink; lines beyond are dropped and counted. */
const BUFFER_BYTES = 4 * 1024 * 1024;
/** Milliseconds between two warnings about lost lines. */
const REPORT_MS = 1000;
/** How long closing waits for the sink, in milliseconds. */
const CLOSE_MS = 2000;

/** What a {@link LineWriter} needs of the world. */
export interface LineWriterEnv {
  readonly clock: Clock;
  /** Hears of lines that were lost. */
  readonly log: Log;
}

/**
 * Writes lines in batches of 64 KiB or 100 ms, one batch under way at a time. A sink that is too slow costs lines (the
 * newest, beyond 4 MiB), never time or memory; what is lost is counted and told to the log.
 */
export class LineWriter {
  readonly #sink: LogSink;
  readonly #env: LineWriterEnv;
  readonly #encoder = new TextEncoder();
  /** Batches that are full, oldest first. */
  readonly #full: Batch[] = [];
  #open = new Batch();
  /** Bytes that wait or are under way. */
  #bytes = 0;
  #writing: Promise<void> | null = null;
  /** Ends the open batch's waiting; `null` when it has waited long enough, or is empty. */
  #due: Cancel | null = null;
  #lost = 0;
  #reason = "";
  #report: Cancel | null = null;
  #closed = false;

  constructor(sink: LogSink, env: LineWriterEnv) {
    this.#sink = sink;
    this.#env = env;
  }

  /** Takes one line of ASCII that ends in `\n`. After {@link close} it does nothing. */
  write(line: string): void {
    if (this.#closed) return;
    if (this.#bytes + line.length > BUFFER_BYTES) return this.#lose(1, "the sink is too slow");
    this.#bytes += line.length;
    const batch = this.#open;
    if (batch.lines === 0) this.#due = this.#env.clock.after(BATCH_MS, () => this.#flushOpen());
    batch.text += line;
    batch.lines++;
    if (batch.text.length >= BATCH_BYTES) {
      this.#seal();
      this.#pump();
    }
  }

  /** Writes what is there. Resolves when it is written, or lost. */
  async flush(): Promise<void> {
    this.#seal();
    this.#pump();
    while (this.#writing !== null) await this.#writing;
  }

  /** Writes what is there, closes the sink and takes no more lines. A sink that is stuck is left after 2 s. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const stuck = Promise.withResolvers<void>();
    const cancel = this.#env.clock.after(CLOSE_MS, stuck.resolve);
    await Promise.race([this.flush(), stuck.promise]);
    cancel();
    if (this.#writing !== null) {
      for (const batch of this.#full.splice(0)) this.#lost += batch.lines;
      this.#lose(0, "the sink was stuck at the end");
    }
    this.#tellLost();
    this.#sink.close();
  }

  #flushOpen(): void {
    this.#due = null;
    if (this.#writing !== null) return;
    this.#seal();
    this.#pump();
  }

  #seal(): void {
    this.#due?.();
    this.#due = null;
    if (this.#open.lines === 0) return;
    this.#full.push(this.#open);
    this.#open = new Batch();
  }

  #pump(): void {
    if (this.#writing === null && this.#full.length > 0) this.#writing = this.#drain();
  }

  async #drain(): Promise<void> {
    for (let batch = this.#full.shift(); batch !== undefined; batch = this.#full.shift()) {
      try {
        await this.#sink.write(this.#encoder.encode(batch.text));
      } catch (error) {
        this.#lose(batch.lines, error instanceof Error ? error.message : String(error));
      }
      this.#bytes -= batch.text.length;
      // The open batch came due while this one was written.
      if (this.#full.length === 0 && this.#due === null) this.#seal();
    }
    this.#writing = null;
  }

  #lose(lines: number, reason: string): void {
    this.#lost += lines;
    this.#reason = reason;
    this.#report ??= this.#env.clock.after(REPORT_MS, () => this.#tellLost());
  }

  #tellLost(): void {
    this.#report?.();
    this.#report = null;
    if (this.#lost === 0) return;
    this.#env.log.warn("log lines were lost", { lines: this.#lost, reason: this.#reason });
    this.#lost = 0;
  }
}

class Batch {
  text = "";
  lines = 0;
}
