/** Fields that may stand once. @module */

/**
 * The value of a field that may stand once.
 *
 * @param fields `[name, value, …]`, names in lower case
 * @returns `null` where it does not stand once: which of several values others go by is not known
 */
export function onlyValue(fields: readonly string[], name: string): string | null {
  let value: string | null = null;
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] !== name) continue;
    if (value !== null) return null;
    value = fields[i + 1];
  }
  return value;
}
