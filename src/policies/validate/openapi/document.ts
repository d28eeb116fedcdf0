/** OpenAPI documents as they are written, and what their references name. @module */

import { parse, YAMLParseError } from "yaml";
import { parseReference, valueAtPointer } from "../../json/json_pointer.ts";
import { isKeywords, SchemaFault } from "../json_schema.ts";

type Members = Readonly<Record<string, unknown>>;

/** References that lead to references. */
const LONGEST_WAY = 32;

/** A document of OpenAPI 3.0 or 3.1. */
export class OpenApiDocument {
  /** 3.0 has a dialect of its own; 3.1 is JSON Schema 2020-12. */
  readonly version: "3.0" | "3.1";
  readonly root: Members;

  /** @throws SchemaFault for another version, or for what is no such document */
  constructor(root: unknown) {
    const version = isKeywords(root) ? root.openapi ?? root.swagger : undefined;
    const known = /^3\.[01](?=\.|$)/.exec(String(version))?.[0];
    if (!isKeywords(root) || known === undefined) {
      const message = "this is no document of OpenAPI 3.0 or 3.1";
      throw new SchemaFault([], version === undefined ? message : `${message}, but of ${version}`, 'openapi: "3.1.0"');
    }
    this.version = known as "3.0" | "3.1";
    this.root = root;
  }

  /** What a value is, wherever it stands. @throws SchemaFault for a reference that leads nowhere, or out of the document */
  resolve(value: unknown): unknown {
    for (let way = 0; isKeywords(value) && typeof value.$ref === "string"; way++) {
      if (way > LONGEST_WAY) throw new SchemaFault([], `the reference ${value.$ref} leads to itself`);
      value = this.at(value.$ref);
    }
    return value;
  }

  /** What a reference names. @throws SchemaFault as {@link OpenApiDocument.resolve} */
  at(reference: string): unknown {
    if (!reference.startsWith("#")) {
      const remedy = "one document with everything in it: #/components/schemas/…";
      throw new SchemaFault([], `the reference ${reference} leads out of the document`, remedy);
    }
    const pointer = parseReference(reference),
      value = pointer === null ? undefined : valueAtPointer(this.root, pointer);
    if (value === undefined) throw new SchemaFault([], `nothing stands at ${reference}`);
    return value;
  }
}

/** The document in a file: JSON, or YAML, of which JSON is a part. @throws SchemaFault for neither, without what it holds */
export function parseDocument(text: string): OpenApiDocument {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    root = parseYaml(text);
    if (!isTree(root)) {
      throw new SchemaFault([], "something in this document holds itself, by an alias of YAML", "$ref");
    }
  }
  return new OpenApiDocument(root);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: "error" });
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    throw new SchemaFault([], `this is neither JSON nor YAML${line === undefined ? "" : `: see line ${line}`}`);
  }
}

/** Whether nothing in a value holds itself. */
function isTree(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
