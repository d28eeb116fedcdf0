/** The parameters of one part of a request, and what they must be. @module */

import type { Exchange } from "../../core/exchange.ts";
import { cookieValue } from "../../core/key.ts";
import type { Check, CheckCompiler } from "./compile_check.ts";
import type { JsonSchema } from "./json_schema.ts";
import {
  deepObjectReader,
  memberReader,
  type ParameterReader,
  parameterReader,
  type ParameterReading,
  type ParameterSpec,
} from "./parameter_reader.ts";
import { memberFault, type ValueFault } from "./value_fault.ts";

/** A part of a request that is not its body, by its name in problems. */
export type Part = "query" | "headers" | "params" | "cookies";

/** A part's parameters before they are compiled. */
export interface ParameterGroupInit {
  readonly part: Part;
  readonly parameters: readonly ParameterSpec[];
  /** Of the object that the parameters make. */
  readonly schema: JsonSchema;
  /** What becomes of a name in the query that is no parameter's: its value is checked too, it is passed over or refused. */
  readonly others: "check" | "pass" | "refuse";
  /** The schema of values that are checked by no name. */
  readonly additional?: unknown;
}

type Texts = (exchange: Exchange, name: string) => readonly string[];

const NOTHING: readonly string[] = Object.freeze([]);

const TEXTS: { readonly [P in Exclude<Part, "query">]: Texts } = {
  headers: ({ headers }, name) => one(headers.get(name) ?? undefined),
  params: ({ params }, name) => one(Object.hasOwn(params, name) ? params[name] : undefined),
  cookies: ({ headers }, name) => one(cookieValue(headers.get("cookie"), name)),
};

interface Known {
  readonly name: string;
  /** What it is looked up by. */
  readonly key: string;
  readonly read: ParameterReader;
}

/** Reads a part of a request and checks what it makes. */
export class ParameterGroup {
  readonly part: Part;
  readonly #check: Check;
  readonly #known: readonly Known[];
  readonly #names: ReadonlySet<string>;
  readonly #deep: ReadonlyMap<string, ReturnType<typeof deepObjectReader>>;
  readonly #others: ParameterGroupInit["others"];
  readonly #readOther: ParameterReader;

  /** @throws SchemaFault for a schema that is none */
  constructor({ part, parameters, schema, others, additional }: ParameterGroupInit, compiler: CheckCompiler) {
    this.part = part;
    this.#check = compiler.compile(schema);
    const flat = parameters.filter(({ style }) => style !== "deepObject");
    this.#known = flat.map((spec) => ({
      name: spec.name,
      key: part === "headers" ? spec.name.toLowerCase() : spec.name,
      read: parameterReader(spec, schema),
    }));
    this.#names = new Set(flat.map(({ name }) => name));
    this.#deep = new Map(
      parameters.filter(({ style }) => style === "deepObject")
        .map(({ name, schema: own }) => [name, deepObjectReader(own, schema)]),
    );
    this.#others = others;
    this.#readOther = memberReader(additional, schema);
  }

  check(exchange: Exchange): readonly ValueFault[] {
    const values: Record<string, unknown> = Object.create(null), faults: ValueFault[] = [];
    const take = (name: string, { fault, value }: ParameterReading): void => {
      if (fault !== undefined) faults.push(memberFault(name, fault));
      else if (value !== undefined) values[name] = value;
    };
    if (this.part === "query") this.#readQuery(exchange.query, take, faults);
    else {
      const texts = TEXTS[this.part];
      for (const { name, key, read } of this.#known) take(name, read(texts(exchange, key)));
    }
    const checked = this.#check(values, true);
    if (faults.length === 0) return checked;
    // What could not be read is not missing too.
    const said = new Set(faults.map(({ pointer }) => pointer));
    return [...faults, ...checked.filter(({ pointer }) => !said.has(pointer))];
  }

  #readQuery(query: string, take: (name: string, reading: ParameterReading) => void, faults: ValueFault[]): void {
    const given = new Map<string, string[]>(), deep = new Map<string, Map<string, string[]>>();
    for (const [name, text] of new URLSearchParams(query)) {
      const bracket = name.indexOf("["), outer = bracket > 0 && name.endsWith("]") ? name.slice(0, bracket) : name;
      if (outer === name || !this.#deep.has(outer)) add(given, name, text);
      else {
        let members = deep.get(outer);
        if (members === undefined) deep.set(outer, members = new Map());
        add(members, name.slice(bracket + 1, -1), text);
      }
    }
    for (const { name, key, read } of this.#known) take(name, read(given.get(key) ?? NOTHING));
    for (const [name, read] of this.#deep) take(name, read(deep.get(name) ?? new Map()));
    if (this.#others === "pass") return;
    for (const [name, texts] of given) {
      if (this.#names.has(name)) continue;
      if (this.#others === "check") take(name, texts.length > 1 ? { value: texts } : this.#readOther(texts));
      else faults.push(memberFault(name, "is not known"));
    }
  }
}

function add(map: Map<string, string[]>, name: string, text: string): void {
  const texts = map.get(name);
  if (texts === undefined) map.set(name, [text]);
  else texts.push(text);
}

function one(text: string | undefined): readonly string[] {
  return text === undefined ? NOTHING : [text];
}
