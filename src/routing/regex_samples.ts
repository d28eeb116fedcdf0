/** Texts that a regex is likely to match. @module */

/** How many texts are kept at each step. */
const MAX = 8;
/** The characters that are tried for a class or an escape, common ones first. */
const CHARACTERS = [...new Set("a1A-_.b2B/:@" + String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i)))];

/**
 * Up to eight texts that the whole of a regex matches, found by walking through its source. Lookarounds and
 * back-references are passed over; every text is tested, so that none is wrong, but there may be none.
 *
 * @param source a regex that is valid under the `u` flag
 */
export function regexSamples(source: string): string[] {
  const whole = new RegExp(`^(?:${source})$`, "u");
  return new Walker(source).alternatives().filter((text) => whole.test(text));
}

class Walker {
  #at = 0;
  constructor(readonly source: string) {}

  alternatives(): string[] {
    const texts = this.#sequence();
    while (this.source[this.#at] === "|") {
      this.#at++;
      texts.push(...this.#sequence());
    }
    return [...new Set(texts)].slice(0, MAX);
  }

  #sequence(): string[] {
    let texts = [""];
    while (this.#at < this.source.length && !"|)".includes(this.source[this.#at])) {
      const next = this.#repeated(this.#atom());
      texts = texts.flatMap((text) => next.map((more) => text + more)).slice(0, MAX);
    }
    return texts;
  }

  #atom(): string[] {
    const char = this.source[this.#at++];
    if (char === "(") return this.#group();
    if (char === ".") return ["a"];
    if (char === "^" || char === "$") return [""];
    if (char === "[") return matching(this.#take(/(?:\\.|[^\]\\])*\]/uy, "["));
    if (char !== "\\") return [char];
    const escape = this.#take(
      /u\{[^}]*\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|k<[^>]*>|c.|[1-9]\d*|./uy,
      "\\",
    );
    return /^\\[bBk1-9]/.test(escape) ? [""] : matching(escape);
  }

  #group(): string[] {
    const start = this.#take(/\?(?:<?[=!]|<[^>]*>|[a-z]*(?:-[a-z]*)?:)|/uy, "");
    const texts = this.alternatives();
    this.#at++;
    return /^\?<?[=!]$/.test(start) ? [""] : texts;
  }

  #repeated(texts: string[]): string[] {
    const quantifier = this.#take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??|/uy, "");
    if (quantifier === "") return texts;
    if (quantifier[0] === "+") return texts;
    if (quantifier[0] !== "{") return [...texts, ""];
    // A huge count would make a huge text that helps nobody.
    const times = Math.min(Number.parseInt(quantifier.slice(1)), 64);
    return texts.map((text) => text.repeat(times));
  }

  #take(sticky: RegExp, before: string): string {
    sticky.lastIndex = this.#at;
    const text = sticky.exec(this.source)?.[0] ?? "";
    this.#at += text.length;
    return before + text;
  }
}

/** The first characters that a class or an escape matches. */
function matching(source: string): string[] {
  const one = new RegExp(`^${source}$`, "u");
  return CHARACTERS.filter((char) => one.test(char)).slice(0, 2);
}
