/** What is checked where an OpenAPI operation says it. @module */

import { isKeywords } from "../json_schema.ts";
import type { MediaInit, ResponseInit, ValidationInit } from "../validation_init.ts";
import { isJsonType, mediaType } from "../../json/json_type.ts";
import type { OpenApiDocument } from "./document.ts";
import { findOperation } from "./find_operation.ts";
import { operationParameters } from "./operation_parameters.ts";
import { SchemaConverter } from "./schema_converter.ts";

/** @throws SchemaFault for an operation that is not there, and for what cannot be checked as it is written */
export function operationInit(
  document: OpenApiDocument,
  name: string,
  unknownQuery: "pass" | "refuse",
): ValidationInit {
  const found = findOperation(document, name), { operation } = found;
  const sent = new SchemaConverter(document, "request"), answered = new SchemaConverter(document, "response");
  const body = document.resolve(operation.requestBody);
  return {
    draft: "2020-12",
    anyFormat: true,
    groups: operationParameters(document, found, sent, unknownQuery),
    body: isKeywords(body) ? { required: body.required === true, media: mediaOf(body.content, sent) } : null,
    responses: Object.entries(isKeywords(operation.responses) ? operation.responses : {}).map(([status, written]) => {
      const response = document.resolve(written);
      return { status, media: mediaOf(isKeywords(response) ? response.content : undefined, answered) };
    }).filter(({ media }) => media.length > 0) satisfies ResponseInit[],
  };
}

function mediaOf(content: unknown, converter: SchemaConverter): MediaInit[] {
  return Object.entries(isKeywords(content) ? content : {}).map(([written, media]) => {
    const range = mediaType(written), looksInto = isJsonType(range) || range.includes("*");
    const schema = isKeywords(media) ? media.schema : undefined;
    return { range, schema: looksInto && schema !== undefined ? converter.complete(converter.convert(schema)) : null };
  });
}
