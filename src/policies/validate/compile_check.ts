/** From a JSON Schema to a function that checks values. @module */

import { Ajv, type ErrorObject, type Options } from "ajv";
import formats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { nearest } from "../../settings/nearest.ts";
import { endlessPlace } from "./endless_schema.ts";
import { type Draft, DRAFTS, isKeywords, type JsonSchema, type Place, SchemaFault } from "./json_schema.ts";
import { keywordsOf } from "./keywords_of.ts";
import { faultsOf, type ValueFault } from "./value_fault.ts";

/** Checks a value. @param all whether to look on behind the first fault */
export type Check = (value: unknown, all: boolean) => readonly ValueFault[];

/** No fault, for everybody. */
const NONE: readonly ValueFault[] = Object.freeze([]);

const OPTIONS: Options = {
  strict: false,
  // A misspelt keyword would check nothing.
  strictSchema: true,
  // Infinity is no number of JSON: 1e999 is not.
  strictNumbers: true,
  // `toString` is not there because every object of JavaScript has one.
  ownProperties: true,
  unicodeRegExp: true,
  logger: false,
};

/** Tell whether a schema is one: what a draft says of schemas is compiled once for all. */
const META = { "2020-12": new Ajv2020(OPTIONS), "draft-07": new Ajv(OPTIONS) };

/** Words of drafts that the compiler does not count among its rules. */
const OTHER_KEYWORDS = ["if", "then", "else", "$defs", "definitions", "$ref", "$id", "title", "description", "default"];

/** Compiles schemas of one draft. */
export class CheckCompiler {
  readonly #draft: Draft;
  /** One stops at the first fault, one goes on. */
  readonly #first: Ajv;
  readonly #all: Ajv;
  readonly #anyFormat: boolean;

  /** @param anyFormat whether a format that is not known is let through, as OpenAPI has it, and not an error */
  constructor(draft: Draft, anyFormat = false) {
    this.#draft = draft;
    this.#anyFormat = anyFormat;
    [this.#first, this.#all] = [false, true].map((allErrors) => {
      const options = { ...OPTIONS, allErrors, validateSchema: false };
      const ajv = draft === "2020-12" ? new Ajv2020(options) : new Ajv(options);
      // Followed, but not among the words that the compiler knows.
      if (draft === "2020-12") ajv.addKeyword("$anchor");
      formats.default(ajv);
      return ajv;
    });
  }

  /** @throws SchemaFault with the place of what is wrong */
  compile(schema: JsonSchema): Check {
    const usable = this.#checked(schema);
    try {
      // Each for itself: another may have the same $id.
      for (const ajv of [this.#first, this.#all]) ajv.removeSchema();
      const first = this.#first.compile(usable), all = this.#all.compile(usable);
      return (value, wantsAll) => {
        const check = wantsAll ? all : first;
        return check(value) === true ? NONE : faultsOf(check.errors ?? []);
      };
    } catch (error) {
      throw this.#faultOf(schema, (error as Error).message);
    }
  }

  #checked(schema: JsonSchema): JsonSchema {
    const meta = META[this.#draft];
    if (isKeywords(schema) && schema.$schema !== undefined) {
      if (String(schema.$schema).replace(/#$/, "") !== DRAFTS[this.#draft]) {
        const message = `a schema of ${this.#draft} is expected here, and this is another`;
        throw new SchemaFault(["$schema"], message, `"${DRAFTS[this.#draft]}", or draft beside it`);
      }
    }
    for (const { keyword, value, place } of keywordsOf(schema)) {
      if (keyword === "pattern" && typeof value === "string") checkPattern(value, place);
      if (keyword === "patternProperties" && isKeywords(value)) {
        for (const pattern of Object.keys(value)) checkPattern(pattern, [...place, pattern]);
      }
      if (keyword === "$async") {
        throw new SchemaFault(place, "nothing here waits for a schema", "nothing: leave it out", true);
      }
      if (keyword !== "format" || typeof value !== "string" || !this.#anyFormat) continue;
      for (const ajv of [this.#first, this.#all]) if (!(value in ajv.formats)) ajv.addFormat(value, true);
    }
    if (!meta.validateSchema(schema)) throw this.#metaFault(schema, meta.errors ?? []);
    const endless = endlessPlace(schema);
    if (endless === null) return schema;
    const remedy = "properties, items or the like on the way back to it";
    throw new SchemaFault(endless, "this schema is made of itself: the check of a value would never end", remedy);
  }

  #metaFault(schema: JsonSchema, errors: readonly ErrorObject[]): SchemaFault {
    const [error] = errors, place = placeOf(error?.instancePath ?? "", schema);
    const allowed = (error?.params as { allowedValues?: unknown[] } | undefined)?.allowedValues?.map(String);
    const seen = place.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)?.[key], schema);
    const near = allowed === undefined ? undefined : nearest(String(seen), allowed);
    const remedy = near === undefined ? allowed?.join(", ") : JSON.stringify(near);
    const message = error?.keyword === "enum" ? "must be one of a few words" : error?.message ?? "is not known";
    return new SchemaFault(place, `this is no JSON Schema of ${this.#draft}: it ${message}`, remedy);
  }

  /** What the compiler's message is about. */
  #faultOf(schema: JsonSchema, message: string): SchemaFault {
    const keyword = /unknown keyword: "(.*)"/.exec(message)?.[1];
    if (keyword !== undefined) {
      const known = [...Object.keys(this.#first.RULES.all), ...OTHER_KEYWORDS], near = nearest(keyword, known);
      const remedy = near ?? "a keyword of JSON Schema, or nothing";
      const text = `"${keyword}" is no keyword of JSON Schema ${this.#draft}`;
      return new SchemaFault(placeOfKeyword(schema, (key) => key === keyword), text, remedy, true);
    }
    const format = /unknown format "(.*)" ignored/.exec(message)?.[1];
    if (format !== undefined) {
      const known = Object.keys(this.#first.formats), near = nearest(format, known);
      const place = placeOfKeyword(schema, (key, value) => key === "format" && value === format);
      return new SchemaFault(
        place,
        `"${format}" is no format that is known here`,
        near ?? `one of ${known.join(", ")}`,
      );
    }
    const reference = /can't resolve reference (\S+)/.exec(message)?.[1];
    if (reference !== undefined) {
      const place = placeOfKeyword(schema, (key, value) => key === "$ref" && reference.endsWith(String(value)));
      return new SchemaFault(place, `nothing stands at ${reference}`, 'a place in this schema, such as "#/$defs/name"');
    }
    return new SchemaFault([], `this schema cannot be used: ${message}`);
  }
}

function checkPattern(pattern: string, place: Place): void {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    throw new SchemaFault(place, `this is no regular expression: ${(error as Error).message}`);
  }
}

function placeOfKeyword(schema: JsonSchema, test: (keyword: string, value: unknown) => boolean): Place {
  for (const { keyword, value, place } of keywordsOf(schema)) if (test(keyword, value)) return place;
  return [];
}

/** The steps of a JSON pointer into `value`: lists have numbers. */
function placeOf(pointer: string, value: unknown): Place {
  let at = value;
  return pointer.split("/").slice(1).map((part) => {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~"), step = Array.isArray(at) ? Number(name) : name;
    at = (at as Record<string | number, unknown> | undefined)?.[step];
    return step;
  });
}
