/** The process's own log: what an operator should know, on standard error. @module */

import type { Clock } from "../core/clock.ts";
import { type Log, type LogLevel, logTo } from "../core/log.ts";
import { timestamps } from "./timestamp.ts";

/** How and where a {@link processLog} writes. */
export interface ProcessLogOptions {
  readonly clock: Clock;
  /** Takes one line with its `\n`. It must not throw. */
  readonly write: (line: string) => void;
  /** `"json"`: one object a line. `"text"`: for people. */
  readonly form: "json" | "text";
  /** Whether text may be coloured. @default false */
  readonly colors?: boolean;
  /** Whether debug entries and the stacks of errors are printed. @default false */
  readonly debug?: boolean;
}

const COLORS: Readonly<Record<LogLevel, string>> = {
  debug: "\x1b[2m",
  info: "\x1b[36m",
  warn: "\x1b[33m",
  error: "\x1b[31m",
};
const RESET = "\x1b[0m";

// deno-lint-ignore no-control-regex -- control characters are what a terminal must not get from a log line
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/**
 * A log that prints each entry at once. In JSON, `level`, `ts` and `msg` come first and then the fields; errors print as
 * their message and cause.
 */
export function processLog(options: ProcessLogOptions): Log {
  const now = timestamps(options.clock), print = options.form === "json" ? jsonLine : textLine;
  return logTo((level, message, fields) => {
    if (level === "debug" && options.debug !== true) return;
    const own = { level, ts: now(), msg: message };
    // Twice: the first gives the order, the second the last word.
    options.write(print({ ...own, ...fields, ...own }, options) + "\n");
  });
}

interface Entry extends Record<string, unknown> {
  readonly level: LogLevel;
  readonly ts: string;
  readonly msg: string;
}

/** Field by field: one that cannot be printed takes no other with it. */
function jsonLine(entry: Entry, { debug }: ProcessLogOptions): string {
  const fields = Object.entries(entry).flatMap(([key, value]) => {
    const json = toJson(value, debug === true);
    return json === undefined ? [] : `${JSON.stringify(key)}:${json}`;
  });
  return `{${fields.join()}}`;
}

function textLine({ level, ts, msg, ...fields }: Entry, { colors, debug }: ProcessLogOptions): string {
  const name = level.padEnd(5);
  let line = msg;
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${key}=${fieldText(value, debug === true)}`;
  }
  return `${ts.slice(11, 23)} ${colors === true ? COLORS[level] + name + RESET : name} ${
    line.replace(CONTROL, escaped)
  }`;
}

/** Plain where it is one word, else as JSON. */
function fieldText(value: unknown, debug: boolean): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : toJson(value, debug) ?? String(value);
}

/** `undefined` for what JSON leaves out: functions, symbols, `undefined`. */
function toJson(value: unknown, debug: boolean): string | undefined {
  try {
    return JSON.stringify(value, (_, part) => {
      if (part instanceof Error) return errorFields(part, debug);
      return typeof part === "bigint" ? String(part) : part;
    });
  } catch (error) {
    // A cycle, or a toJSON that throws, anything at all.
    return JSON.stringify(
      error instanceof Error ? `(not printable: ${error.message.split("\n")[0]})` : "(not printable)",
    );
  }
}

function errorFields(error: Error, debug: boolean): Record<string, unknown> {
  return {
    error: error.name,
    message: error.message,
    cause: error.cause,
    stack: debug ? error.stack : undefined,
  };
}

function escaped(control: string): string {
  return control === "\n" ? "\\n" : "\\x" + control.charCodeAt(0).toString(16).padStart(2, "0");
}
