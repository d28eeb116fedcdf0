/** Texts with keys in braces: `"user-{jwt:sub}"`. `{{` stands for a brace. @module */

import type { Exchange } from "./exchange.ts";
import { parseKey } from "./key.ts";

/** A parsed template. */
export interface Template {
  /** The keys it names, in order. */
  readonly keys: readonly string[];
  /** The text for an exchange; an absent key counts as empty. */
  render(exchange: Exchange): string;
}

/** Why a text is no template, and where in it. */
export interface TemplateError {
  readonly error: string;
  readonly at: number;
}

/** Parses a template once, so that rendering only joins. */
export function parseTemplate(text: string): Template | TemplateError {
  const literals: string[] = [], keys: string[] = [];
  let literal = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "{") {
      literal += text[i];
      continue;
    }
    if (text[i + 1] === "{") {
      literal += "{";
      i++;
      continue;
    }
    const close = text.indexOf("}", i);
    if (close < 0) return { error: `the brace is not closed; write {{ for a plain brace`, at: i };
    const key = text.slice(i + 1, close);
    if (parseKey(key) === undefined) return { error: `"{${key}}" is not a key`, at: i };
    literals.push(literal);
    keys.push(key);
    literal = "";
    i = close;
  }
  if (keys.length === 0) return { keys, render: () => literal };
  const readers = keys.map((key) => parseKey(key)!);
  return {
    keys,
    render(exchange) {
      let out = "";
      for (let i = 0; i < readers.length; i++) out += literals[i] + (readers[i](exchange) ?? "");
      return out + literal;
    },
  };
}
