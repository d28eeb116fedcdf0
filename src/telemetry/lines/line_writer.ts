/** Lines gathered into batches and written without holding anything up. @module */

import type { Cancel, Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { LogSink } from "./log_sink.ts";

/** A batch of this many bytes is written at once. */
const BATCH_BYTES = 64 * 1024;
/** How long a line waits for others, in milliseconds. */
const BATCH_MS = 100;
/**
 * What may wait for a slow sink; lines beyond are dropped and counted. A write ends at a turn of the event loop at the
 * earliest, and a turn with ten thousand busy connections makes 4 MiB of lines.
 */
const BUFFER_BYTES = 16 * 1024 * 1024;
/** Milliseconds between two warnings about lost lines. */
const REPORT_MS = 1000;
/** How long closing waits for the sink, in milliseconds. */
const CLOSE_MS = 2000;
/** A write that takes longer is stuck, in milliseconds: nothing is written behind it that could not be given up. */
const STUCK_MS = 250;

/** What a {@link LineWriter} needs of the world. */
export interface LineWriterEnv {
  readonly clock: Clock;
  /** Hears of lines that were lost. */
  readonly log: Log;
}

/** How a {@link LineWriter} gathers. */
export interface LineWriterOptions {
  /** How long a line waits for others, in milliseconds; 0: to the end of the event loop's turn. @default 100 */
  readonly wait?: number;
}

/**
 * Writes lines in batches of 64 KiB or 100 ms, one write under way at a time; what has come together meanwhile goes with
 * the next, however much it is. A sink that is too slow costs lines (the newest, beyond 16 MiB), never time or memory; what
 * is lost is counted and told to the log.
 */
export class LineWriter {
  readonly #sink: LogSink;
  readonly #env: LineWriterEnv;
  readonly #wait: number;
  readonly #encoder = new TextEncoder();
  /** Batches that are full, oldest first. As bytes: text that was put together of pieces takes thrice as much. */
  readonly #full: Batch[] = [];
  /** The open batch. */
  #text = "";
  #lines = 0;
  /** Bytes that wait or are under way. */
  #bytes = 0;
  #writing: Promise<void> | null = null;
  /** What is being written, since when. */
  #underWay: Batch | null = null;
  #writingSince = 0;
  /** Ends the open batch's waiting; `null` when it has waited long enough, or is empty. */
  #due: Cancel | null = null;
  #lost = 0;
  #untold = 0;
  #reason = "";
  /** Whether losses are being told, which may come back as a line for this very sink. */
  #telling = false;
  #report: Cancel | null = null;
  #closed = false;

  constructor(sink: LogSink, env: LineWriterEnv, { wait = BATCH_MS }: LineWriterOptions = {}) {
    this.#sink = sink;
    this.#env = env;
    this.#wait = wait;
  }

  /** Lines that were lost so far. */
  get lost(): number {
    return this.#lost;
  }

  /** Takes text of one line that ends in `\n`, or more of them that belong together. After {@link close} it does nothing. */
  write(line: string): void {
    if (this.#closed) return;
    // What tells of losses is none itself, or there would be no end to it.
    const lines = this.#telling ? 0 : 1;
    if (this.#bytes + line.length > BUFFER_BYTES) return this.#lose(lines, "the sink is too slow");
    this.#bytes += line.length;
    if (this.#text === "") this.#due = this.#env.clock.after(this.#wait, () => this.#flushOpen());
    this.#text += line;
    this.#lines += lines;
    if (this.#text.length >= BATCH_BYTES) {
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

  /**
   * Writes what is there before it returns: the process is about to end. What is under way is written once more, as it
   * may not have begun; better twice than never. Behind a write that is stuck nothing is tried.
   */
  flushSync(): void {
    this.#seal();
    const underWay = this.#underWay;
    if (this.#sink.writeSync === undefined) return;
    if (underWay !== null && this.#env.clock.now() - this.#writingSince > STUCK_MS) return;
    const waiting = this.#full.splice(0), batches = underWay === null ? waiting : [underWay, ...waiting];
    for (const { size } of waiting) this.#bytes -= size;
    if (batches.length === 0) return;
    try {
      this.#sink.writeSync(joined(batches).bytes);
    } catch {
      // There is nobody left to tell.
    }
  }

  /** The sink's file is opened anew: lines from now on go there. A file that cannot be opened is told, and the earlier one stays. */
  reopen(): void {
    if (this.#closed) return;
    try {
      this.#sink.reopen?.();
    } catch (error) {
      this.#env.log.error("a log file cannot be opened again: the earlier one stays", { reason: reasonOf(error) });
    }
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
      this.#lose(joined(this.#full.splice(0)).lines, "the sink was stuck at the end");
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
    if (this.#text === "") return;
    this.#full.push({ bytes: this.#encoder.encode(this.#text), size: this.#text.length, lines: this.#lines });
    this.#text = "";
    this.#lines = 0;
  }

  #pump(): void {
    if (this.#writing === null && this.#full.length > 0) this.#writing = this.#drain();
  }

  async #drain(): Promise<void> {
    while (this.#full.length > 0) {
      const batch = joined(this.#full.splice(0));
      this.#underWay = batch;
      this.#writingSince = this.#env.clock.now();
      try {
        await this.#sink.write(batch.bytes);
      } catch (error) {
        this.#lose(batch.lines, reasonOf(error));
      }
      this.#underWay = null;
      this.#bytes -= batch.size;
      // The open batch came due meanwhile, or more than it has: either goes now.
      if (this.#full.length > 0 || this.#due === null) this.#seal();
    }
    this.#writing = null;
  }

  #lose(lines: number, reason: string): void {
    if (lines === 0) return;
    this.#lost += lines;
    this.#untold += lines;
    this.#reason = reason;
    this.#report ??= this.#env.clock.after(REPORT_MS, () => this.#tellLost());
  }

  #tellLost(): void {
    this.#report?.();
    this.#report = null;
    if (this.#untold === 0) return;
    const lines = this.#untold;
    this.#untold = 0;
    this.#telling = true;
    this.#env.log.warn("log lines were lost", { lines, reason: this.#reason });
    this.#telling = false;
  }
}

interface Batch {
  readonly bytes: Uint8Array;
  /** What it counts against the bound. */
  readonly size: number;
  readonly lines: number;
}

function joined(batches: readonly Batch[]): Batch {
  if (batches.length === 1) return batches[0];
  const bytes = new Uint8Array(batches.reduce((sum, batch) => sum + batch.bytes.length, 0));
  let at = 0, size = 0, lines = 0;
  for (const batch of batches) {
    bytes.set(batch.bytes, at);
    at += batch.bytes.length;
    size += batch.size;
    lines += batch.lines;
  }
  return { bytes, size, lines };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
