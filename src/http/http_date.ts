/** Dates of HTTP fields (RFC 9110 §5.6.7). @module */

const SHORT_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)";
const LONG_DAY = "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = `(?:${MONTHS.join("|")})`;
const TIME = "\\d\\d:\\d\\d:\\d\\d";

/** `Sun, 06 Nov 1994 08:49:37 GMT`: what everybody sends. */
const IMF_FIXDATE = new RegExp(`^${SHORT_DAY}, \\d\\d ${MONTH} \\d{4} ${TIME} gmt$`, "i");
/** `Sunday, 06-Nov-94 08:49:37 GMT`. */
const RFC_850 = new RegExp(`^${LONG_DAY}, \\d\\d-${MONTH}-\\d\\d ${TIME} gmt$`, "i");
/** `Sun Nov  6 08:49:37 1994`. */
const ASCTIME = new RegExp(`^${SHORT_DAY} ${MONTH} (?:\\d\\d| \\d) ${TIME} \\d{4}$`, "i");

const ZERO = 0x30;
/** A year of two digits is not further ahead than this. */
const YEARS_AHEAD = 50;

/**
 * The date, in one of the three formats of RFC 9110, in milliseconds since 1970; `undefined` for any other text. Names are
 * taken in any case (RFC 9111 §4.2), and the day of the week may be wrong.
 *
 * @param now milliseconds since 1970: a year of two digits is the latest that is not more than 50 years ahead
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  // Each part of a format has its place, behind the day's name: to read it there costs a third of what groups do.
  if (IMF_FIXDATE.test(text)) return instant(text, century(text, 12) + number(text, 14), 8, 5, 17);
  if (ASCTIME.test(text)) return instant(text, century(text, 20) + number(text, 22), 4, 8, 11);
  return RFC_850.test(text) ? shortYear(text, text.indexOf(","), now) : undefined;
}

/** The date as it is sent: `Sun, 06 Nov 1994 08:49:37 GMT`. @param ms since 1970; parts of a second are left out */
export function formatHttpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

function shortYear(text: string, comma: number, now: number): number | undefined {
  const ahead = new Date(now).getUTCFullYear() + YEARS_AHEAD, limit = new Date(now).setUTCFullYear(ahead);
  const year = ahead - (ahead - number(text, comma + 9)) % 100;
  const inYear = (year: number) => instant(text, year, comma + 5, comma + 2, comma + 12), found = inYear(year);
  return found !== undefined && found <= limit ? found : inYear(year - 100);
}

/** @param monthAt where it is written; so with the others */
function instant(text: string, year: number, monthAt: number, dayAt: number, timeAt: number): number | undefined {
  const month = MONTHS.indexOf(text.slice(monthAt, monthAt + 3).toLowerCase()), day = number(text, dayAt);
  const hour = number(text, timeAt), minute = number(text, timeAt + 3), second = number(text, timeAt + 6);
  // `Date.UTC` would take a year below 100 for one of the last century; no answer is that old.
  if (year < 100 || day < 1 || day > daysOf(month, year) || hour > 23 || minute > 59 || second > 60) return undefined;
  // A leap second is the one before it: a date may be taken for an earlier one, and for no later one (RFC 9111 §4.2).
  return Date.UTC(year, month, day, hour, minute, second === 60 ? 59 : second);
}

function century(text: string, at: number): number {
  return number(text, at) * 100;
}

/** The two digits at this place, or a blank and one. */
function number(text: string, at: number): number {
  return Math.max(0, text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

function daysOf(month: number, year: number): number {
  if (month === 1) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
}
