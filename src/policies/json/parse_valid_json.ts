/** JSON whose names have escapes. @module */

const SPACE = /[ \t\n\r]*/y, SCALAR = /[^\s,:\]}]+/y;

/**
 * The value of a text that is known to be JSON. `JSON.parse` takes a name with escapes for another that it has met before
 * (V8, nodejs/node#63785): `"\u0072ole"` may come out as `"\\u00"`, and what is to be checked under one name stands under
 * the other. Only whole names and values go through it here.
 *
 * It recurses as deep as the text is nested.
 */
export function parseValidJson(text: string): unknown {
  return new ValidJson(text).value();
}

class ValidJson {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): unknown {
    const first = this.#next();
    if (first === "{") return this.#object();
    if (first === "[") return this.#list();
    return JSON.parse(first === '"' ? this.#quoted() : this.#match(SCALAR));
  }

  #object(): Record<string, unknown> {
    const members: [string, unknown][] = [];
    this.#at++;
    while (this.#next() !== "}") {
      if (members.length > 0) this.#skip();
      const name = JSON.parse(this.#quoted()) as string;
      this.#skip();
      members.push([name, this.value()]);
    }
    this.#at++;
    // Even a member that is called `__proto__` is one like the others.
    return Object.fromEntries(members);
  }

  #list(): unknown[] {
    const elements: unknown[] = [];
    this.#at++;
    while (this.#next() !== "]") {
      if (elements.length > 0) this.#skip();
      elements.push(this.value());
    }
    this.#at++;
    return elements;
  }

  /** Goes behind the comma or colon that comes next, and what is blank behind it. */
  #skip(): void {
    this.#next();
    this.#at++;
    this.#next();
  }

  /** The next character that is not blank. */
  #next(): string {
    this.#match(SPACE);
    return this.#text[this.#at];
  }

  #quoted(): string {
    const start = this.#at;
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) if (this.#text[this.#at] === "\\") this.#at++;
    return this.#text.slice(start, ++this.#at);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [matched] = pattern.exec(this.#text)!;
    this.#at += matched.length;
    return matched;
  }
}
