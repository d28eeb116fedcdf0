/** Texts with keys in braces: `"user-{jwt:sub}"`. `{{` stands for a brace. @module */

import { isInBody, type KeyReader, parseKey } from "./key.ts";

/** A template taken apart, its literals and keys by turns: `literals[0] keys[0] literals[1] … literals[n]`. */
export interface Template {
  /** One more than there are keys; `{{` has become `{`. */
  readonly literals: readonly string[];
  readonly keys: readonly string[];
  /** Of each key. */
  readonly readers: readonly KeyReader[];
}

/** Why a text is no template, and where in it. */
export interface TemplateError {
  readonly error: string;
  readonly at: number;
}

/** Parses a template once, so that filling it in only joins: each user encodes in its own way what it inserts. */
export function parseTemplate(text: string): Template | TemplateError {
  const literals: string[] = [], keys: string[] = [], readers: KeyReader[] = [];
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
    const key = text.slice(i + 1, close), reader = parseKey(key);
    if (reader === undefined) return { error: `"{${key}}" is not a key`, at: i };
    if (isInBody(key)) return { error: `"{${key}}" is in the request's body, which nothing here waits for`, at: i };
    literals.push(literal);
    keys.push(key);
    readers.push(reader);
    literal = "";
    i = close;
  }
  return { literals: [...literals, literal], keys, readers };
}

/**
 * Takes apart what is known to be a template.
 *
 * @throws TypeError for a text that {@link parseTemplate} refuses
 */
export function templateOf(text: string): Template {
  const template = parseTemplate(text);
  if ("error" in template) throw new TypeError(`"${text}" is not a template: ${template.error}`);
  return template;
}
