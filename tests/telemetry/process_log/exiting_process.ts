/** A process that logs and ends at once. Its argument is the log's file; none: standard error. @module */

import { systemClock } from "../../../src/core/clock.ts";
import { openLogSink } from "../../../src/telemetry/lines/log_sink.ts";
import { startProcessLog } from "../../../src/telemetry/process_log/process_log.ts";
import { turn } from "../../support/turn.ts";

const [file] = Deno.args, to = file === undefined ? "stderr" : { file };
const { log } = await startProcessLog(
  { to, format: "json", level: "info", levels: {} },
  openLogSink(to),
  { clock: systemClock, terminal: false, colors: false, debug: false },
);
log.info("first");
// In this turn the first entry's write is under way.
await turn();
log.error("second");
log.error("third");
Deno.exit(7);
