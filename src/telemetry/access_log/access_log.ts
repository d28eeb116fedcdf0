/** The access log: a line for each request, or for those that are chosen. @module */

import type { Events, RequestCompleted } from "../../core/events.ts";
import type { Random } from "../../core/random.ts";
import { accessChoice } from "./access_choice.ts";
import { accessLines } from "./access_line.ts";
import { keepLastWords } from "../lines/last_words.ts";
import { LineWriter, type LineWriterEnv } from "../lines/line_writer.ts";
import type { LogSink } from "../lines/log_sink.ts";
import type { AccessLogPlan, RouteTelemetryPlan } from "../telemetry_plan.ts";

/** What {@link startAccessLog} needs of the world. */
export interface AccessLogEnv extends LineWriterEnv {
  readonly events: Events;
  readonly random: Random;
}

/** What the access log needs to know of a route. */
export interface LoggedRoute {
  readonly id: string;
  readonly telemetry: RouteTelemetryPlan;
}

/** A running access log. */
export interface AccessLog {
  /** Lines that were lost so far: the sink was too slow, or failed. */
  readonly lost: number;
  /** Opens the file anew: a rotation has moved it. */
  reopen(): void;
  /** Resolves when every line so far is written. */
  flush(): Promise<void>;
  /** Stops listening, writes what is there and closes the sink. */
  close(): Promise<void>;
}

/**
 * Writes a line to `sink` at each `request.completed` that is chosen.
 *
 * @example
 * ```ts ignore
 * const accessLog = startAccessLog(plan, routes, openLogSink(plan.to), { clock, random, events, log });
 * // … at the end:
 * await accessLog.close();
 * ```
 */
export function startAccessLog(
  plan: AccessLogPlan,
  routes: readonly LoggedRoute[],
  sink: LogSink,
  env: AccessLogEnv,
): AccessLog {
  const writer = new LineWriter(sink, env), line = accessLines(plan, env.clock);
  const chosen = accessChoice(plan, sharesOf(routes), env.random);
  const unsubscribe = env.events.on("request.completed", (event: RequestCompleted) => {
    if (chosen === null || chosen(event)) writer.write(line(event));
  });
  const forgetLastWords = keepLastWords(writer);
  return {
    get lost() {
      return writer.lost;
    },
    reopen: () => writer.reopen(),
    flush: () => writer.flush(),
    async close() {
      unsubscribe();
      await writer.close();
      forgetLastWords();
    },
  };
}

function sharesOf(routes: readonly LoggedRoute[]): ReadonlyMap<string, number> {
  return new Map(routes.flatMap(({ id, telemetry: { accessLog } }) => accessLog === null ? [] : [[id, accessLog]]));
}
