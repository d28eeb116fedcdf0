/** Values of parameters, made of the text that stands for them. @module */

import { withoutBlanks } from "../../http/without_blanks.ts";
import { FAULT_TEXTS, readJson } from "../json/read_json.ts";
import { formOf, type ValueForm } from "./schema_types.ts";

/** How a parameter is written (OpenAPI 3.1, "Style Values"). */
export interface ParameterSpec {
  readonly name: string;
  /** `"form"` in queries and cookies, `"simple"` in paths and headers; the others in queries only. */
  readonly style: "form" | "simple" | "spaceDelimited" | "pipeDelimited" | "deepObject";
  /** Whether each value of a list stands by itself: `a=1&a=2`. */
  readonly explode: boolean;
  readonly schema: unknown;
  /** Whether the text is JSON. */
  readonly json?: boolean;
  /** Whether nothing may stand for a value that is left out. */
  readonly allowEmpty?: boolean;
}

/** A value, or what is wrong with the text; `value: undefined` for none at all. */
export type ParameterReading =
  | { readonly value: unknown; readonly fault?: undefined }
  | { readonly value?: undefined; readonly fault: string };

/** Reads the texts that a request has for one parameter, in order. */
export type ParameterReader = (texts: readonly string[]) => ParameterReading;

/** What stands between the values of a list that is one text. */
const DELIMITERS = { form: ",", simple: ",", spaceDelimited: " ", pipeDelimited: "|", deepObject: "," };

/** A number as JSON writes it: of `0x10`, ` 1` and `Infinity` readers think in different ways. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const encoder = new TextEncoder();

const ABSENT: ParameterReading = Object.freeze({ value: undefined });
const TWICE: ParameterReading = Object.freeze({ fault: "stands more than once" });

/** Prepares a reader. Text that is none of what the schema asks for stays text, and the schema says so. */
export function parameterReader(spec: ParameterSpec, root: unknown): ParameterReader {
  const { style, explode, schema, json = false, allowEmpty = false } = spec;
  if (json) return readJsonText;
  const form = formOf(schema, root), read = textReader(form.types);
  if (isList(form)) {
    const element = textReader(formOf(form.items, root).types), delimiter = DELIMITERS[style];
    if (explode && style === "form") return (texts) => texts.length === 0 ? ABSENT : { value: texts.map(element) };
    return (texts) => {
      if (texts.length !== 1) return texts.length === 0 ? ABSENT : TWICE;
      return { value: texts[0] === "" ? [] : texts[0].split(delimiter).map((text) => element(trimmed(text, style))) };
    };
  }
  return (texts) => {
    if (texts.length !== 1) return texts.length === 0 ? ABSENT : TWICE;
    return allowEmpty && texts[0] === "" ? ABSENT : { value: read(texts[0]) };
  };
}

/** Prepares a reader of one object that is written as `name[member]=value`. */
export function deepObjectReader(
  schema: unknown,
  root: unknown,
): (members: ReadonlyMap<string, readonly string[]>) => ParameterReading {
  const { properties, additional } = formOf(schema, root), others = memberReader(additional, root);
  const readers = new Map([...properties].map(([name, schema]) => [name, memberReader(schema, root)]));
  return (members) => {
    if (members.size === 0) return ABSENT;
    const value: Record<string, unknown> = Object.create(null);
    for (const [name, texts] of members) {
      const reading = (readers.get(name) ?? others)(texts);
      if (reading.fault !== undefined) return reading;
      value[name] = reading.value;
    }
    return { value };
  };
}

/** A list stands there as often as it has elements. */
export function memberReader(schema: unknown, root: unknown): ParameterReader {
  return parameterReader({ name: "", style: "form", explode: true, schema }, root);
}

function readJsonText(texts: readonly string[]): ParameterReading {
  if (texts.length !== 1) return texts.length === 0 ? ABSENT : TWICE;
  const { fault, value } = readJson(encoder.encode(texts[0]));
  return fault === null ? { value } : { fault: `cannot be read: ${FAULT_TEXTS[fault]}` };
}

function isList({ types }: ValueForm): boolean {
  return types.has("array") && !types.has("string");
}

/** What a text becomes: the first of the types that it can be. */
function textReader(types: ReadonlySet<string>): (text: string) => unknown {
  if (types.has("string") || types.size === 0) return (text) => text;
  const number = types.has("number") || types.has("integer"), boolean = types.has("boolean"), none = types.has("null");
  return (text) => {
    if (number && NUMBER.test(text)) return Number(text);
    if (boolean && (text === "true" || text === "false")) return text === "true";
    return none && text === "null" ? null : text;
  };
}

/** Blanks may stand around the values of a list in a header field (RFC 9110 §5.6.1). */
function trimmed(text: string, style: ParameterSpec["style"]): string {
  return style === "simple" ? withoutBlanks(text) : text;
}
