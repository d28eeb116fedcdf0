/** Which schema goes with which type of content. @module */

import { isJsonType } from "../json/json_type.ts";
import type { Check, CheckCompiler } from "./compile_check.ts";
import { type Place, SchemaFault } from "./json_schema.ts";
import type { MediaInit } from "./validation_init.ts";

/** A type of content that may come. */
export interface MediaRule {
  readonly range: string;
  /** `null`: it is not looked into. */
  readonly check: Check | null;
}

/** Media ranges, the narrowest that holds a type first. */
export class MediaRules {
  readonly #rules: readonly MediaRule[];

  /** @throws SchemaFault for a schema that is none */
  constructor(media: readonly MediaInit[], compiler: CheckCompiler, place: Place = []) {
    this.#rules = media.map(({ range, schema }) => {
      try {
        return { range, check: schema === null ? null : compiler.compile(schema) };
      } catch (error) {
        throw error instanceof SchemaFault ? error.within(...place) : error;
      }
    }).sort((a, b) => breadth(a.range) - breadth(b.range));
  }

  /** The rule for a type, written in lower case without parameters. What is not JSON is not looked into. */
  find(type: string): MediaRule | undefined {
    const rule = this.#rules.find(({ range }) => holds(range, type));
    return rule === undefined || isJsonType(type) || rule.check === null ? rule : { ...rule, check: null };
  }
}

function holds(range: string, type: string): boolean {
  if (range === "json") return isJsonType(type);
  if (range === "*/*") return type !== "";
  return range.endsWith("/*") ? type.startsWith(range.slice(0, -1)) : range === type;
}

function breadth(range: string): number {
  return range === "*/*" ? 2 : range.endsWith("/*") || range === "json" ? 1 : 0;
}
