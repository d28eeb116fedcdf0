/** The process's own log: what an operator should know. @module */

import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import { entryLines } from "./entry_line.ts";
import { keepLastWords } from "../lines/last_words.ts";
import { LineWriter } from "../lines/line_writer.ts";
import type { LogSink } from "../lines/log_sink.ts";
import type { LogPlan } from "../telemetry_plan.ts";
import { timestamps } from "../lines/timestamp.ts";

/** What {@link startProcessLog} needs besides the plan. */
export interface ProcessLogEnv {
  readonly clock: Clock;
  /** Whether a person reads the sink: then `auto` is text. */
  readonly terminal: boolean;
  /** Whether text may be coloured. */
  readonly colors: boolean;
  /** Whether everything is told, whatever the plan's levels: debug entries, and the stacks of errors. */
  readonly debug: boolean;
}

/** A running log. */
export interface ProcessLog {
  readonly log: Log;
  readonly form: "json" | "text";
  /** Lines that were lost so far: the sink was too slow, or failed. */
  readonly lost: number;
  /** Prints text as it is, between the entries before and those after it. */
  print(text: string): void;
  /** Opens the file anew: a rotation has moved it. */
  reopen(): void;
  /** Resolves when every entry so far is written. */
  flush(): Promise<void>;
  /** Writes what is there and closes the sink. */
  close(): Promise<void>;
}

/**
 * Starts the log. Entries are written turn by turn of the event loop, together with what has come while a write was under
 * way; a slow sink holds nothing up. What waits when the process ends at once, by `Deno.exit`, is written then.
 *
 * @example
 * ```ts ignore
 * const { log, close } = await startProcessLog(plan, openLogSink(plan.to), env);
 * log.in("upstreams").warn("a DNS lookup failed", { host });
 * // … at the end:
 * await close();
 * ```
 */
export async function startProcessLog(plan: LogPlan, sink: LogSink, env: ProcessLogEnv): Promise<ProcessLog> {
  const { clock, terminal, colors, debug } = env, now = timestamps(clock);
  const toPerson = terminal && plan.to === "stderr";
  const form = plan.format === "auto" ? toPerson ? "text" : "json" : plan.format;
  const line = entryLines({ form, colors: colors && toPerson, stacks: debug });
  // Here, so that a program that logs nothing does not load it.
  const { routeLog } = await import("./log_router.ts");
  const levels = debug ? { level: "debug" as const, levels: {} } : plan;
  const { log, close } = await routeLog(levels, (entry) => writer.write(line({ ...entry, ts: now() })));
  const writer = new LineWriter(sink, { clock, log }, { wait: 0 });
  const forgetLastWords = keepLastWords(writer);
  return {
    log,
    form,
    get lost() {
      return writer.lost;
    },
    print: (text) => writer.write(text),
    reopen: () => writer.reopen(),
    flush: () => writer.flush(),
    async close() {
      await writer.close();
      forgetLastWords();
      await close();
    },
  };
}
