/** `start`: serves. @module */

import { systemClock } from "../../core/clock.ts";
import { formatDuration } from "../../core/units.ts";
import { openLogSink } from "../../telemetry/lines/log_sink.ts";
import { startProcessLog } from "../../telemetry/process_log/process_log.ts";
import type { Command } from "../command.ts";
import { refusal } from "../issue_report.ts";
import { loadPlan } from "../load_plan.ts";
import { logStarted } from "../log_started.ts";
import { UsageError } from "../parse_arguments.ts";
import { runGateway } from "../run_gateway.ts";
import { stackText } from "../stack_text.ts";
import { step } from "../start_failure.ts";
import { startScreen } from "../start_screen.ts";
import { surviveErrors } from "../survive_errors.ts";
import { VERSION } from "../version.ts";

/** Runs a gateway until SIGINT or SIGTERM. */
export const start: Command = {
  name: "start",
  argument: "config",
  summary: "serves a config until it is told to stop",
  details: [
    "SIGINT or SIGTERM ends it: it serves on for shutdown.delay, not ready any more; then it takes no new",
    "connections, and requests under way get shutdown.grace to end.",
    "A second signal ends it at once. It tells what it does on standard error: as text on a terminal,",
    "else as lines of JSON. Standard output is for the access log. SIGUSR2 opens the files of logs anew, once",
    "they have been moved away.",
  ],
  options: {
    to: { value: "URL", help: "forward everything to this address, without a config" },
    debug: { help: "log more, and print the stacks of errors" },
  },
  async run(given, terminal) {
    const to = given.value("to"), debug = given.has("debug");
    if (to !== undefined && given.argument !== undefined) {
      throw new UsageError("start takes a config or --to, not both");
    }
    const loaded = await loadPlan(to === undefined ? { file: given.argument } : { to });
    const { source, plan, issues, secrets } = loaded;
    if (plan === null) {
      terminal.err(refusal(loaded, "nothing was started"));
      if (debug) terminal.err(loaded.causes.map(stackText).join(""));
      return 1;
    }
    const { log: logPlan } = plan.telemetry, person = terminal.errIsTerminal;
    const name = logPlan.to === "stderr" ? "the log" : `the log ${logPlan.to.file}`;
    const processLog = await startProcessLog(
      logPlan,
      await step(`open ${name}`, () => openLogSink(logPlan.to)),
      { clock: systemClock, terminal: person, colors: terminal.colors, debug },
    );
    await using _ = { [Symbol.asyncDispose]: () => processLog.close() };
    const { log } = processLog;
    for (const { message, path, seen, remedy } of issues) log.warn(message, { config: path, seen, write: remedy });
    surviveErrors(log);
    await runGateway(plan, {
      processLog,
      secrets,
      onStarted(parts) {
        const started = { version: VERSION, source, ...parts };
        if (!person) logStarted(started, log);
        else if (logPlan.to === "stderr" && processLog.form === "text") {
          processLog.print(startScreen(started, terminal.colors));
        } else {
          logStarted(started, log);
          terminal.err(startScreen(started, terminal.colors));
        }
      },
      onStopping: () => log.info("stopping", { grace: formatDuration(plan.shutdown.grace) }),
    });
    log.info("stopped");
    return 0;
  },
};
