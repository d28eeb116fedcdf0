/** What a log must not tell. @module */

/** What stands in place of a value. */
const REDACTED = "[redacted]";

/** Pairs of a query, or of a fragment. Some servers split at `;` too. */
const PAIR = /[^&;#]+/g;
const ENCODED = /%([0-9a-f]{2})/gi;
/** An encoded `=`: the value is a query, or a URL with one. */
const INNER_PAIR = /%(?:25)*3d/i;
/** How often a value may have been encoded that is still looked into. */
const DEEPEST = 3;
/** `user[password]` and `token[]` are read as nested names. */
const NESTED = /[[\].]+/;

/** Values that are left out by their names. */
export class Redaction {
  readonly #names: ReadonlySet<string>;

  /** @param names of fields, and of keys of a query, in lower case */
  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  /** A query with its `?`, or a URL, without the values of the names; case and percent-encoding of keys do not hide them. */
  query(text: string): string {
    return text.includes("=") || INNER_PAIR.test(text) ? text.replace(PAIR, (pair) => this.#pair(pair)) : text;
  }

  /** The value of a field. URLs in it are told without what {@link query} leaves out of them. @param name in lower case */
  field(name: string, value: string): string {
    if (this.#names.has(name)) return REDACTED;
    return value.includes("?") || value.includes("#") ? this.query(value) : value;
  }

  #pair(pair: string): string {
    const equals = this.#hiddenFrom(pair);
    if (equals >= 0) return pair.slice(0, equals + 1) + REDACTED;
    return INNER_PAIR.test(pair) && this.#hidesWithin(pair) ? pair.slice(0, pair.indexOf("=") + 1) + REDACTED : pair;
  }

  /**
   * Where the `=` is behind which there is something to hide, or -1. What is behind another `?` may be the query of a URL
   * that is the value: `next=/a?token=…`.
   */
  #hiddenFrom(pair: string): number {
    for (let start = 0;;) {
      const equals = pair.indexOf("=", start);
      if (equals < 0) return -1;
      const key = pair.slice(Math.max(start, pair.lastIndexOf("?", equals) + 1), equals);
      if (this.#hides(key)) return equals;
      const next = pair.indexOf("?", equals);
      if (next < 0) return -1;
      start = next + 1;
    }
  }

  /** Whether what is encoded hides something: `next=%2Fa%3Ftoken%3D…`. */
  #hidesWithin(pair: string): boolean {
    let text = pair;
    for (let depth = 0; depth < DEEPEST && INNER_PAIR.test(text); depth++) {
      text = decoded(text);
      if (text.match(PAIR)?.some((inner) => this.#hiddenFrom(inner) >= 0)) return true;
    }
    return false;
  }

  #hides(key: string): boolean {
    const name = decoded(key.replaceAll("+", " ")).trim().toLowerCase();
    return this.#names.has(name) || (NESTED.test(name) && name.split(NESTED).some((part) => this.#names.has(part)));
  }
}

/** As UTF-8, or else byte by byte: nothing that strangers write is an error here. */
function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(ENCODED, (_, code) => String.fromCharCode(parseInt(code, 16)));
  }
}
