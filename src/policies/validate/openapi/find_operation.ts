/** Operations of a document, by name. @module */

import { nearest } from "../../../settings/nearest.ts";
import { isKeywords, SchemaFault } from "../json_schema.ts";
import type { OpenApiDocument } from "./document.ts";

/** An operation, and the item of its path, whose parameters it shares. */
export interface FoundOperation {
  readonly method: string;
  readonly path: string;
  readonly item: Readonly<Record<string, unknown>>;
  readonly operation: Readonly<Record<string, unknown>>;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/**
 * Finds an operation by its `operationId` or as `GET /users/{id}`, the path as the document writes it.
 *
 * @throws SchemaFault where there is none, with one that may be meant
 */
export function findOperation(document: OpenApiDocument, name: string): FoundOperation {
  const names: string[] = [];
  for (const found of operationsOf(document)) {
    const { method, path, operation } = found, byPath = `${method} ${path}`;
    if (name === operation.operationId || name === byPath) return found;
    if (typeof operation.operationId === "string") names.push(operation.operationId);
    names.push(byPath);
  }
  const near = nearest(name, names) ?? names[0];
  throw new SchemaFault(
    [],
    `the document has no operation "${name}"`,
    near === undefined ? undefined : JSON.stringify(near),
  );
}

function* operationsOf(document: OpenApiDocument): Generator<FoundOperation> {
  const { paths } = document.root;
  if (!isKeywords(paths)) return;
  for (const [path, written] of Object.entries(paths)) {
    const item = document.resolve(written);
    if (!isKeywords(item)) continue;
    for (const method of METHODS) {
      const operation = item[method];
      if (isKeywords(operation)) yield { method: method.toUpperCase(), path, item, operation };
    }
  }
}
