/** A file with a line of JSON for each second. @module */

import type { Clock } from "../../core/clock.ts";
import type { Events } from "../../core/events.ts";
import type { LineWriter } from "../lines/line_writer.ts";
import { SecondSummary } from "./second_summary.ts";

const SECOND = 1000;

/** What {@link startSummary} needs of the world. */
export interface SummaryEnv {
  readonly clock: Clock;
  readonly events: Events;
  /** Requests under way now. */
  readonly inFlight: () => number;
}

/** A running summary. */
export interface Summary {
  /** Writes what is left of the last second, and closes the writer. */
  close(): Promise<void>;
}

/**
 * Writes a line each second, also where nothing has happened: a gap in the file is a gateway that was not there. The members
 * are those of `SummaryLine`.
 */
export function startSummary(writer: LineWriter, { clock, events, inFlight }: SummaryEnv): Summary {
  const summary = new SecondSummary();
  let since = clock.now();
  const write = () => {
    const now = clock.now(), seconds = (now - since) / 1000;
    since = now;
    writer.write(JSON.stringify(summary.take(new Date(clock.wall()).toISOString(), seconds, inFlight())) + "\n");
  };
  const unsubscribe = events.on("request.completed", (event) => summary.count(event));
  const stop = clock.every(SECOND, write);
  return {
    close() {
      stop();
      unsubscribe();
      if (clock.now() > since) write();
      return writer.close();
    },
  };
}
