/** The access log in Apache's formats. @module */

import type { Clock } from "../../core/clock.ts";
import type { RequestCompleted } from "../../core/events.ts";
import { Redaction } from "./redaction.ts";
import type { AccessLogPlan } from "../telemetry_plan.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SECOND = 1000;

/**
 * Makes a formatter of `%h - %u %t "%r" %>s %b`, and for combined also `"%{Referer}i" "%{User-Agent}i"`, as Apache's
 * mod_log_config has them: the time is that of the request's arrival, `%b` is the body's size and `-` for none, and what
 * a stranger wrote is escaped as Apache does it. In the user a space is escaped too: it would shift the columns.
 */
export function apacheLines(
  { format, query, redact }: AccessLogPlan,
  clock: Clock,
): (event: RequestCompleted) => string {
  const time = apacheTimes(), redaction = new Redaction(redact), combined = format === "combined";
  return (e) => {
    const { exchange } = e, asked = query ? redaction.query(exchange.query) : "";
    const common = (e.client || "-") + " - " + userText(e.identity) + " [" + time(clock.wall() - e.duration) + '] "' +
      (e.method === "" ? "-" : logItem(e.method + " " + e.path + asked) + " " + protocolText(exchange.httpVersion)) +
      '" ' + e.status + " " + (e.bytesOut === 0 ? "-" : e.bytesOut);
    if (!combined) return common + "\n";
    const field = (name: string) => {
      const value = exchange.headers.get(name);
      return value === null ? '"-"' : '"' + logItem(redaction.field(name, value)) + '"';
    };
    return common + " " + field("referer") + " " + field("user-agent") + "\n";
  };
}

/** Apache writes HTTP/2 with its minor version. */
function protocolText(version: string): string {
  return version === "2" ? "HTTP/2.0" : "HTTP/" + version;
}

function userText(user: string): string {
  return user === "" ? "-" : logItem(user).replaceAll(" ", "\\x20");
}

/** `21/Nov/2026:10:00:00 +0000`; the last second is kept, as it is the next request's in most cases. */
function apacheTimes(): (wall: number) => string {
  let second = NaN, text = "";
  return (wall) => {
    const now = Math.floor(wall / SECOND);
    if (now !== second) {
      second = now;
      const iso = new Date(now * SECOND).toISOString();
      text = `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
    }
    return text;
  };
}

const UNSAFE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/gu;
/** Those that have a letter of their own in C. */
const LETTERS: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** As Apache's `ap_escape_logitem` has it: letters of C where there is one, else `\xhh` for each byte. */
function logItem(text: string): string {
  return text.replace(UNSAFE, (point) => LETTERS[point] ?? bytesOf(point).map(hex).join(""));
}

/** Fields are latin-1, a byte a character; what is beyond came from elsewhere, and is UTF-8. */
function bytesOf(point: string): number[] {
  const code = point.codePointAt(0)!;
  return code <= 0xff ? [code] : [...new TextEncoder().encode(point)];
}

function hex(byte: number): string {
  return "\\x" + byte.toString(16).padStart(2, "0");
}
