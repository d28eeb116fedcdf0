/** The members of `Cache-Control` (RFC 9111 §5.2). @module */

/** One directive. */
export interface Directive {
  /** In lower case. */
  readonly name: string;
  /** Without quotes; `null`: there is none. */
  readonly argument: string | null;
  /** Whether it has an argument in quotes. */
  readonly quoted: boolean;
  /**
   * Whether it is written as the grammar has it. One that is not, such as `max-age = 5`, may still forbid something;
   * it permits nothing.
   */
  readonly sound: boolean;
}

/** A directive. No part of it can match in two ways, so it is read in one pass. */
const DIRECTIVE = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:=(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)|"((?:[^"\\]|\\[^])*)"))?/y;
const WORD = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/g;
const COMMA = 0x2c, SPACE = 0x20, TAB = 0x09;

/**
 * Reads the directives. A member that breaks the grammar gives each of its words as an unsound directive, so that a
 * `private` in `max-age=60; private` is not lost; from one with a quote in it, where nobody can tell what was meant to be
 * quoted, everything is unsound.
 */
export function readDirectives(value: string): Directive[] {
  const directives: Directive[] = [];
  for (let at = 0; at < value.length;) {
    at = afterBlanks(value, at);
    if (value.charCodeAt(at) === COMMA) {
      at++;
      continue;
    }
    DIRECTIVE.lastIndex = at;
    const match = DIRECTIVE.exec(value), end = match === null ? at : afterBlanks(value, DIRECTIVE.lastIndex);
    if (match !== null && (end === value.length || value.charCodeAt(end) === COMMA)) {
      const [, name, token, quoted] = match;
      directives.push({
        name: name.toLowerCase(),
        argument: token ?? unquoted(quoted),
        quoted: quoted !== undefined,
        sound: true,
      });
      at = end + 1;
    } else {
      const text = value.slice(at, brokenUpTo(value, at));
      for (const [word] of text.matchAll(WORD)) {
        directives.push({ name: word.toLowerCase(), argument: null, quoted: false, sound: false });
      }
      at += text.length + 1;
    }
  }
  return directives;
}

function unquoted(text: string | undefined): string | null {
  return text === undefined ? null : text.includes("\\") ? text.replaceAll(/\\([^])/g, "$1") : text;
}

function brokenUpTo(value: string, at: number): number {
  const comma = value.indexOf(",", at), quote = value.indexOf('"', at);
  return comma < 0 || (quote >= 0 && quote < comma) ? value.length : comma;
}

function afterBlanks(value: string, at: number): number {
  while (value.charCodeAt(at) === SPACE || value.charCodeAt(at) === TAB) at++;
  return at;
}
