/** JSON in which texts stand for parts of the exchange and of its body. @module */

import type { Exchange } from "../../../core/exchange.ts";
import type { FactsIn } from "../../../core/facts.ts";
import { isFact, isInBody, type KeyReader, parseKey } from "../../../core/key.ts";
import { parsePointer, valueAtPointer } from "../../json/json_pointer.ts";

/**
 * A JSON value whose texts are templates. `"{body:/user/id}"` alone is the value at that place of the body, be it a text,
 * a number or an object, and `"{body:}"` all of it; `"{jwt:sub}"` alone is the text of a key. Among other text they are
 * text: `"user-{body:/user/id}"`. `{{` is a brace.
 *
 * What is absent leaves its member out; in a list it is `null`, and in a text nothing.
 */
export type BodyTemplate =
  | string
  | number
  | boolean
  | null
  | readonly BodyTemplate[]
  | { readonly [name: string]: BodyTemplate };

/** The facts that a template reads. Of any template at all nothing is known. */
export type FactsInTemplate<T> = [BodyTemplate] extends [T] ? never : FactsInPart<T>;

type FactsInPart<T> = T extends string ? FactsIn<T>
  : T extends readonly unknown[] ? FactsInTemplate<T[number]>
  : T extends object ? FactsInTemplate<T[keyof T]>
  : never;

/** Something wrong with a template, and where in it. */
export interface TemplateFault {
  readonly path: (string | number)[];
  readonly message: string;
  readonly remedy?: string;
}

/** A template, prepared. */
export interface PreparedTemplate {
  /** Makes a new value, or `undefined` where the template as a whole stands for something absent. */
  fill(body: unknown, exchange: Exchange): unknown;
  /** Facts that something earlier must provide. */
  readonly needs: readonly string[];
}

type Fill = PreparedTemplate["fill"];

const BODY = "body:";

/** Prepares a template, or tells everything that is wrong with it. */
export function prepareTemplate(template: unknown): PreparedTemplate | readonly TemplateFault[] {
  const faults: TemplateFault[] = [], needs = new Set<string>();
  const fill = prepare(template, [], faults, needs);
  return faults.length > 0 ? faults : { fill, needs: [...needs] };
}

function prepare(template: unknown, path: TemplateFault["path"], faults: TemplateFault[], needs: Set<string>): Fill {
  if (typeof template === "string") return prepareText(template, path, faults, needs);
  if (template === null || typeof template === "boolean" || Number.isFinite(template)) return () => template;
  if (Array.isArray(template)) {
    const fills = template.map((element, i) => prepare(element, [...path, i], faults, needs));
    return (body, exchange) => fills.map((fill) => fill(body, exchange) ?? null);
  }
  if (typeof template === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(template))) {
    const names = Object.keys(template as object), values = Object.values(template as object);
    const fills = values.map((value, i) => prepare(value, [...path, names[i]], faults, needs));
    return (body, exchange) => {
      const members: [string, unknown][] = [];
      for (let i = 0; i < fills.length; i++) {
        const value = fills[i](body, exchange);
        if (value !== undefined) members.push([names[i], value]);
      }
      return Object.fromEntries(members);
    };
  }
  faults.push({
    path,
    message: "this cannot stand in JSON",
    remedy: "a text, a number, true, false, null, [ … ] or { … }",
  });
  return () => null;
}

function prepareText(text: string, path: TemplateFault["path"], faults: TemplateFault[], needs: Set<string>): Fill {
  const literals: string[] = [], reads: Fill[] = [];
  let literal = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "{") literal += text[i];
    else if (text[i + 1] === "{") literal += text[i++];
    else {
      const close = text.indexOf("}", i), name = text.slice(i + 1, close < 0 ? text.length : close);
      const read = close < 0 ? "the brace is not closed" : prepareRead(name);
      if (typeof read === "string") {
        const remedy = '"{body:/name}" or a key such as "{jwt:sub}"; {{ is a plain brace';
        faults.push({ path, message: read, remedy });
        return () => null;
      }
      if (isFact(name)) needs.add(name);
      literals.push(literal);
      reads.push(read);
      literal = "";
      i = close;
    }
  }
  literals.push(literal);
  if (reads.length === 0) return () => literal;
  if (reads.length === 1 && literals.every((literal) => literal === "")) return reads[0];
  return (body, exchange) => {
    let filled = literals[0];
    for (let i = 0; i < reads.length; i++) filled += textOf(reads[i](body, exchange)) + literals[i + 1];
    return filled;
  };
}

/** @returns what is wrong, where it names nothing */
function prepareRead(name: string): Fill | string {
  if (name.startsWith(BODY)) {
    const parts = parsePointer(name.slice(BODY.length));
    if (parts === null) return `"{${name}}" is no place in a body: after body: stands a JSON pointer, such as /items/0`;
    return (body) => valueAtPointer(body, parts);
  }
  const reader: KeyReader | undefined = isInBody(name) ? undefined : parseKey(name);
  return reader === undefined ? `"{${name}}" is not a key` : (_body, exchange) => reader(exchange);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
