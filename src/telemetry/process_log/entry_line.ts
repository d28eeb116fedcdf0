/** Entries of the process's own log as lines. @module */

import type { LogLevel } from "../../core/log.ts";
import { unitEscape } from "../lines/json_text.ts";

/** One entry. */
export interface LogEntry {
  readonly level: LogLevel;
  /** In UTC: `2026-11-21T10:00:00.000Z`. */
  readonly ts: string;
  /** Whose it is: `upstreams`; `""` for the process as a whole. */
  readonly category: string;
  readonly msg: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How entries are printed. */
export interface EntryForm {
  /** `"json"`: one object a line. `"text"`: for people. */
  readonly form: "json" | "text";
  /** Whether text may be coloured. @default false */
  readonly colors?: boolean;
  /** Whether the stacks of errors are printed. @default false */
  readonly stacks?: boolean;
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
/** Of those, what JSON leaves as it is, and what some readers take for the end of a line. */
const UNSAFE_IN_JSON = /[\x7f-\x9f\u2028\u2029]/g;

/**
 * Makes lines of entries, their `\n` included. In JSON, `level`, `ts`, `category` (where there is one) and `msg` come first
 * and then the fields; errors print as their message and cause.
 */
export function entryLines(form: EntryForm): (entry: LogEntry) => string {
  const stacks = form.stacks === true, colors = form.colors === true;
  return form.form === "json" ? (entry) => jsonLine(entry, stacks) : (entry) => textLine(entry, colors, stacks);
}

/** Field by field: one that cannot be printed takes no other with it. */
function jsonLine({ fields, level, ts, category, msg }: LogEntry, stacks: boolean): string {
  let line = `{"level":"${level}","ts":"${ts}"`;
  if (category !== "") line += ',"category":' + JSON.stringify(category);
  line += ',"msg":' + JSON.stringify(msg);
  for (const [key, value] of Object.entries(fields)) {
    if (key === "level" || key === "ts" || key === "msg" || (key === "category" && category !== "")) continue;
    const json = toJson(value, stacks);
    if (json !== undefined) line += `,${JSON.stringify(key)}:${json}`;
  }
  return line.replace(UNSAFE_IN_JSON, unitEscape) + "}\n";
}

function textLine({ fields, level, ts, category, msg }: LogEntry, colors: boolean, stacks: boolean): string {
  const name = level.padEnd(5);
  let line = category === "" ? msg : `${category}: ${msg}`;
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) line += ` ${key}=${fieldText(value, stacks)}`;
  }
  return `${ts.slice(11, 23)} ${colors ? COLORS[level] + name + RESET : name} ${line.replace(CONTROL, escaped)}\n`;
}

/** Plain where it is one word, else as JSON. */
function fieldText(value: unknown, stacks: boolean): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : toJson(value, stacks) ?? String(value);
}

/** `undefined` for what JSON leaves out: functions, symbols, `undefined`. */
function toJson(value: unknown, stacks: boolean): string | undefined {
  if (typeof value === "string") return JSON.stringify(value);
  try {
    return JSON.stringify(value, (_, part) => {
      if (part instanceof Error) return errorFields(part, stacks);
      return typeof part === "bigint" ? String(part) : part;
    });
  } catch (error) {
    // A cycle, or a toJSON that throws, anything at all.
    return JSON.stringify(
      error instanceof Error ? `(not printable: ${error.message.split("\n")[0]})` : "(not printable)",
    );
  }
}

function errorFields(error: Error, stacks: boolean): Record<string, unknown> {
  return {
    error: error.name,
    message: error.message,
    cause: error.cause,
    errors: error instanceof AggregateError ? error.errors : undefined,
    stack: stacks ? error.stack : undefined,
  };
}

function escaped(control: string): string {
  return control === "\n" ? "\\n" : "\\x" + control.charCodeAt(0).toString(16).padStart(2, "0");
}
