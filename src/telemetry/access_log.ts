/** The access log: one line of JSON for each request. @module */

import type { Events } from "../core/events.ts";
import { accessLines } from "./access_line.ts";
import { LineWriter, type LineWriterEnv } from "./line_writer.ts";
import type { LogSink } from "./log_sink.ts";

/** What {@link startAccessLog} needs of the world. */
export interface AccessLogEnv extends LineWriterEnv {
  readonly events: Events;
}

/** A running access log. */
export interface AccessLog {
  /** Resolves when every line so far is written. */
  flush(): Promise<void>;
  /** Stops listening, writes what is there and closes the sink. */
  close(): Promise<void>;
}

/**
 * Writes a line to `sink` at each `request.completed`.
 *
 * @example
 * ```ts ignore
 * const accessLog = startAccessLog(openLogSink("stdout"), { clock, events, log });
 * // … at the end:
 * await accessLog.close();
 * ```
 */
export function startAccessLog(sink: LogSink, env: AccessLogEnv): AccessLog {
  const writer = new LineWriter(sink, env), line = accessLines(env.clock);
  const unsubscribe = env.events.on("request.completed", (event) => writer.write(line(event)));
  return {
    flush: () => writer.flush(),
    close() {
      unsubscribe();
      return writer.close();
    },
  };
}
