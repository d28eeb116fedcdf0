/** Subject alternative names (RFC 5280 §4.2.1.6) as one text, and back. @module */

/** One name. */
export interface AltName {
  /** `DNS`, `URI`, `email` or `IP Address`. */
  readonly type: string;
  readonly value: string;
}

/** Names that a reader could take for more than one, or for another, stand in quotes. */
const STRANGE = /[^!#-+\--[\]-~]/;

/** `DNS:client.test, URI:spiffe://example.org/a`; a name with a comma in it is `DNS:"a, DNS:b"`. */
export function printAltNames(names: readonly AltName[]): string {
  return names.map(({ type, value }) => `${type}:${STRANGE.test(value) ? JSON.stringify(value) : value}`).join(", ");
}

/** What {@link printAltNames} has printed. It never throws: of another text, as much as can be read. */
export function readAltNames(text: string): AltName[] {
  const names: AltName[] = [];
  for (const [, type, quoted, plain] of text.matchAll(/([A-Za-z ]+):(?:("(?:[^"\\]|\\.)*")|([^,"]*))(?:, |$)/gy)) {
    const value = quoted === undefined ? plain : unquoted(quoted);
    if (value === null) break;
    names.push({ type, value });
  }
  return names;
}

function unquoted(text: string): string | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
