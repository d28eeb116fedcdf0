/** Bytes as a person can read them, and as a program can read them back. @module */

/** The text, one character a byte, as a string literal of JavaScript. */
export function escaped(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return `"${inner.replace(/\\u00([0-9a-f]{2})|[\x7f-\xff]/g, (found, hex) => `\\x${hex ?? byte(found)}`)}"`;
}

/** {@link escaped}, without the middle of what is long. */
export function abridged(text: string, limit = 1200): string {
  if (text.length <= limit) return escaped(text);
  const half = limit >> 1;
  return `${escaped(text.slice(0, half))} … ${text.length - 2 * half} more … ${escaped(text.slice(-half))}`;
}

function byte(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, "0");
}
