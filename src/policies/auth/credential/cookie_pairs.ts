/** One cookie of a `Cookie` field, while the others stay as they were sent. @module */

import { withoutBlanks } from "../../../http/without_blanks.ts";

/**
 * The value of a cookie, without quotes around it (RFC 6265 §4.1.1).
 *
 * @returns `""` where it is absent or empty, `null` where it stands more than once
 */
export function cookieValueOnce(field: string | null, name: string): string | null {
  if (field === null || !field.includes(name)) return "";
  const found = field.split(";").filter((pair) => nameOf(pair) === name);
  if (found.length !== 1) return found.length === 0 ? "" : null;
  const [pair] = found, value = withoutBlanks(pair, pair.indexOf("=") + 1, pair.length);
  return /^".*"$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

/** The field without the cookies of this name; `""` where no others are left. */
export function cookieWithout(field: string, name: string): string {
  if (!field.includes(name)) return field;
  const pairs = field.split(";"), left = pairs.filter((pair) => nameOf(pair) !== name);
  if (left.length === pairs.length) return field;
  const text = left.join(";");
  return withoutBlanks(text, 0, text.length);
}

/** `undefined` of what is no pair. */
function nameOf(pair: string): string | undefined {
  const equals = pair.indexOf("=");
  return equals < 0 ? undefined : withoutBlanks(pair, 0, equals);
}
