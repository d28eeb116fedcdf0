/**
 * Conditions as texts: `jwt:tier == 'pro' or 'admin' in groups`. Total: every text is an expression or an error with its
 * place, and every expression is true or false of every exchange.
 *
 * ```text
 * or         = and { "or" and }
 * and        = not { "and" not }
 * not        = "not" not | "(" or ")" | comparison
 * comparison = operand [ ( "==" | "!=" | "in" | "not" "in" ) operand ]
 * operand    = 'text' | "text" | number | "true" | "false" | "[" operand { "," operand } "]"
 *            | "groups" | "scopes" | "subject" | "method" | key
 * ```
 *
 * @module
 */

import type { Exchange } from "../../../core/exchange.ts";
import { nearest } from "../../../settings/nearest.ts";
import { keyRemedy } from "../../../settings/key_text.ts";
import { compared, type Condition, type Operator } from "./comparison.ts";
import { fixedOperand, NAMES, type Operand, operandOf } from "./operand.ts";
import { type ExpressionError, type Token, tokensOf } from "./tokens.ts";

/** A condition, ready to be asked. */
export interface Expression {
  /** What something before must provide. */
  readonly facts: readonly string[];
  test(exchange: Exchange): boolean;
}

/** More than anybody can read. */
const LONGEST = 2_000;
/** Brackets and `not` inside one another. */
const DEEPEST = 50;
const RESERVED: readonly string[] = ["or", "and", "not", "in"];

/** Parses an expression. It never throws. */
export function parseExpression(text: string): Expression | ExpressionError {
  if (text.length > LONGEST) {
    return { error: `this has more than ${LONGEST} characters`, at: LONGEST, remedy: "a function in TypeScript" };
  }
  const tokens = tokensOf(text);
  return "error" in tokens ? tokens : new Parser(tokens).whole();
}

/** Thrown and caught in here only. */
class Wrong {
  constructor(readonly why: ExpressionError) {}
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #facts = new Set<string>();
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression | ExpressionError {
    try {
      const test = this.#or(0), { kind, text, at } = this.#token;
      if (kind !== "end") throw new Wrong({ error: `${text} makes no sense here`, at, remedy: "and or or before it" });
      return { facts: [...this.#facts], test };
    } catch (error) {
      if (error instanceof Wrong) return error.why;
      throw error;
    }
  }

  get #token(): Token {
    return this.#tokens[this.#next];
  }

  #or(depth: number): Condition {
    const conditions = [this.#and(depth)];
    while (this.#takes("word", "or")) conditions.push(this.#and(depth));
    return conditions.length === 1 ? conditions[0] : (exchange) => conditions.some((test) => test(exchange));
  }

  #and(depth: number): Condition {
    const conditions = [this.#not(depth)];
    while (this.#takes("word", "and")) conditions.push(this.#not(depth));
    return conditions.length === 1 ? conditions[0] : (exchange) => conditions.every((test) => test(exchange));
  }

  #not(depth: number): Condition {
    const { at } = this.#token;
    if (depth > DEEPEST) throw new Wrong({ error: `more than ${DEEPEST} are inside one another`, at });
    if (this.#takes("word", "not")) {
      const test = this.#not(depth + 1);
      return (exchange) => !test(exchange);
    }
    if (!this.#takes("sign", "(")) return this.#comparison();
    const test = this.#or(depth + 1);
    this.#expect(")");
    return test;
  }

  #comparison(): Condition {
    const at = this.#token.at, left = this.#operand(), operator = this.#operator();
    const right = operator === null ? null : this.#operand();
    const test = compared(left, operator, right);
    if (typeof test === "function") return test;
    throw new Wrong({ at, ...test });
  }

  #operator(): Operator {
    if (this.#takes("sign", "==")) return "==";
    if (this.#takes("sign", "!=")) return "!=";
    if (this.#takes("word", "in")) return "in";
    if (!isWord(this.#token, "not") || !isWord(this.#tokens[this.#next + 1], "in")) return null;
    this.#next += 2;
    return "not in";
  }

  #operand(): Operand {
    const { kind, text, at } = this.#token;
    if (this.#takes("sign", "[")) return this.#list(at);
    if (kind === "text") return fixedOperand(`'${text}'`, this.#pass(text));
    if (kind === "number") return fixedOperand(text, this.#pass(exactNumber(text, at)));
    if (kind !== "word" || RESERVED.includes(text)) {
      const error = kind === "end" ? "something is missing at the end" : `${text} makes no sense here`;
      throw new Wrong({ error, at, remedy: "a key such as jwt:tier, groups, or a text such as 'admin'" });
    }
    if (text === "true" || text === "false") return fixedOperand(text, this.#pass(text === "true"));
    const operand = operandOf(text);
    if (operand === undefined) throw new Wrong({ at, ...unknownWord(text) });
    if (operand.fact !== undefined) this.#facts.add(operand.fact);
    return this.#pass(operand);
  }

  #list(at: number): Operand {
    const values: unknown[] = [];
    do {
      const entry = this.#operand();
      if (!entry.fixed || entry.shape === "list") {
        throw new Wrong({ error: `${entry.text} cannot stand in a list`, at, remedy: "texts, such as ['a', 'b']" });
      }
      values.push(entry.read(undefined as unknown as Exchange));
    } while (this.#takes("sign", ","));
    this.#expect("]");
    return fixedOperand("a list", values);
  }

  #takes(kind: Token["kind"], text: string): boolean {
    const is = this.#token.kind === kind && this.#token.text === text;
    if (is) this.#next++;
    return is;
  }

  #expect(sign: string): void {
    if (this.#takes("sign", sign)) return;
    const { at, kind, text } = this.#token, what = kind === "end" ? "the end" : text;
    throw new Wrong({ error: `expected ${sign} before ${what}`, at, remedy: sign });
  }

  #pass<T>(value: T): T {
    this.#next++;
    return value;
  }
}

function isWord(token: Token, text: string): boolean {
  return token.kind === "word" && token.text === text;
}

/** Claims are read as JavaScript's numbers, of which two large ones can be one: ids would be taken for others. */
function exactNumber(text: string, at: number): number {
  const value = Number(text);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw new Wrong({ error: `${text} is too large for a number to be exact`, at, remedy: `'${text}', for the text` });
}

function unknownWord(word: string): Pick<ExpressionError, "error" | "remedy"> {
  if (word.startsWith("form:")) return { error: `${word} is in the request's body, which nothing here waits for` };
  const name = nearest(word, Object.keys(NAMES));
  const remedy = name ?? (word.includes(":") ? keyRemedy(word).replaceAll('"', "") : `'${word}', for the text`);
  return { error: `${word} is no key`, remedy };
}
