/** Levels and categories: LogTape, as the gateway uses it. @module */

import {
  type Config,
  configure,
  getConfig,
  getLogger,
  type Logger,
  type LoggerConfig,
  type LogLevel as TapeLevel,
  type LogRecord,
  reset,
} from "@logtape/logtape";
import type { Log, LogLevel } from "../../core/log.ts";
import type { LogEntry } from "./entry_line.ts";
import { plainLog } from "./plain_log.ts";
import type { LogPlan } from "../telemetry_plan.ts";

/** The gateway's own category in LogTape, where users have theirs. */
const HOME = "gatewright";
/** Where LogTape tells of itself. */
const META = "logtape.meta";

const LEVELS: Readonly<Record<TapeLevel, LogLevel>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  fatal: "error",
};
const LOWEST: Readonly<Record<LogPlan["level"], TapeLevel | null>> = {
  debug: "trace",
  info: "info",
  warn: "warning",
  error: "error",
  off: null,
};

/** Takes what is at or above its level; when it is printed is up to the taker. */
export type TakeEntry = (entry: Omit<LogEntry, "ts">) => void;

/** A log whose entries have gone through LogTape. */
export interface RoutedLog {
  readonly log: Log;
  /** Entries go nowhere any more. */
  close(): Promise<void>;
}

/**
 * Sends entries of the gateway to `take`, and those that a config's own code writes by LogTape too. A level in `levels` is
 * that of the gateway's part of this name, and of users' categories of this name. A config that has configured LogTape
 * itself has the last word: its sinks get the gateway's entries, under the category `gatewright`. Where it has none for
 * them they go to `take` all the same, past LogTape: nobody means to hear nothing of a gateway.
 */
export async function routeLog(
  { level, levels }: Pick<LogPlan, "level" | "levels">,
  take: TakeEntry,
): Promise<RoutedLog> {
  const theirs = getConfig(), ours = theirs === null;
  if (!ours && !theirs.loggers.some(hearsGateway)) {
    return { log: plainLog({ level, levels }, take), close: () => Promise.resolve() };
  }
  if (ours) await configure(tapeConfig({ level, levels }, take));
  return { log: logOver(getLogger(HOME)), close: async () => void (ours && await reset()) };
}

/** Whether a logger of a config's own is for everything, or for entries of the gateway. */
function hearsGateway({ category, sinks = [] }: LoggerConfig<string, string>): boolean {
  const [first = HOME] = typeof category === "string" ? [category] : category;
  return first === HOME && sinks.length > 0;
}

function tapeConfig({ level, levels }: Pick<LogPlan, "level" | "levels">, take: TakeEntry): Config<"own", never> {
  // By their names: two settings may mean the same category, and LogTape takes it once only.
  const lowest = new Map<string, TapeLevel | null>([["", LOWEST[level]], [META, "warning"]]);
  for (const [name, level] of Object.entries(levels)) {
    lowest.set(name, LOWEST[level]).set(`${HOME}.${name}`, LOWEST[level]);
  }
  return {
    sinks: { own: (record: LogRecord) => take(entryOf(record)) },
    loggers: [...lowest].map(([name, lowestLevel]) => ({
      category: name === "" ? [] : name.split("."),
      lowestLevel,
      sinks: ["own"],
      // A part's level may be below that of the whole, which parents would stop.
      parentSinks: "override",
    })),
  };
}

function entryOf({ category, level, message, rawMessage, properties }: LogRecord): Omit<LogEntry, "ts"> {
  const own = category[0] === HOME;
  return {
    level: LEVELS[level],
    category: (own ? category.slice(1) : category).join("."),
    // The gateway's messages are no templates: what is in braces there is meant so.
    msg: own
      ? String(rawMessage)
      : message.map((part) => typeof part === "string" ? part : Deno.inspect(part)).join(""),
    fields: properties,
  };
}

function logOver(logger: Logger): Log {
  return {
    debug: (message, fields) => logger.debug(message, fields),
    info: (message, fields) => logger.info(message, fields),
    warn: (message, fields) => logger.warn(message, fields),
    error: (message, fields) => logger.error(message, fields),
    in: (category) => logOver(category.split(".").reduce((parent, name) => parent.getChild(name), logger)),
  };
}
