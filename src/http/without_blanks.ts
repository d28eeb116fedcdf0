/** White space of HTTP: spaces and tabs, nothing else (RFC 9110 §5.6.3). @module */

/**
 * `text[start, end)` without the spaces and tabs around it. `trim()` would take more away, such as U+00A0, and so make a
 * word of what is none; a regular expression for the blanks at the end would look at each run of blanks again and again.
 */
export function withoutBlanks(text: string, start = 0, end = text.length): string {
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
