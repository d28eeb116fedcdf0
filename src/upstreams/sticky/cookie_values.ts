/** Every cookie of a name. @module */

/**
 * The values of all cookies of this name, in the order sent, without surrounding quotes. A client sends several when they
 * were set for different paths or domains (RFC 6265 §5.4).
 * @param header the combined `cookie` field
 */
export function cookieValues(header: string, name: string): string[] {
  const values: string[] = [];
  for (let start = 0; start < header.length;) {
    const semicolon = header.indexOf(";", start), end = semicolon < 0 ? header.length : semicolon;
    const equals = header.indexOf("=", start);
    if (equals < 0) break;
    if (equals < end && header.slice(start, equals).trim() === name) {
      const value = header.slice(equals + 1, end).trim();
      values.push(value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value);
    }
    start = end + 1;
  }
  return values;
}
