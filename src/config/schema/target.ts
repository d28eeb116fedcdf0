/** Targets of a route. @module */

import { z } from "zod";
import { isFieldValue } from "../../core/header_list.ts";
import { RESPONSE_HOP } from "../../http/hop_by_hop.ts";
import { hasNoContent } from "../../http/no_content.ts";
import { isToken } from "../../http/token.ts";
import type { RouteHandler } from "../../policies/context.ts";
import { fieldText } from "../../policies/shape/field_text.ts";
import type { ValidTarget } from "../valid_config.ts";
import { choice } from "../../settings/choice.ts";
import { flag } from "../../settings/flag.ts";
import { functionOption } from "../../settings/function_option.ts";
import { locationTemplate } from "./key_text.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { type Origin, parseOrigin, portRemedy } from "./origin.ts";
import { Refusal } from "../../settings/scalar.ts";
import { oneOfShapes, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";

/** The name of an upstream, or the address of one that is declared nowhere else. */
export const upstreamTargetSchema = text<string | Origin>({
  expected: 'the name of an upstream, or a URL such as "http://127.0.0.1:3000"',
  remedy: portRemedy,
  read(value) {
    if (value.includes("://") || /^unix:/i.test(value)) return parseOrigin(value);
    if (!/[/:]/.test(value)) return value;
    const origin = parseOrigin(value);
    return new Refusal(
      "this is neither the name of an upstream nor a URL",
      origin instanceof Refusal ? origin.remedy : undefined,
    );
  },
});

type Redirect = Omit<Extract<ValidTarget, { kind: "redirect" }>, "kind">;

/** An answer that sends the client elsewhere. */
export const redirectSchema: z.ZodType<Redirect, unknown> = oneOfShapes(
  "a path, a URL, or settings such as { to, status }",
  [
    locationTemplate().transform((to): Redirect => ({ to, status: 302, keepQuery: false })),
    settings("settings such as { to, status }", {
      to: locationTemplate().describe("Where to: a path or a URL, as a template in the key grammar."),
      status: choice([301, 302, 303, 307, 308]).prefault(302).describe("307 and 308 keep method and body."),
      keepQuery: flag().prefault(false).describe("Appends the query of the request."),
    }),
  ],
);

/** A fixed answer, prepared. */
export type ParsedRespond = Omit<Extract<ValidTarget, { kind: "respond" }>, "kind">;

const FRAMING = ["content-length", ...RESPONSE_HOP];

/** A fixed answer. */
export const respondSchema: z.ZodType<ParsedRespond, unknown> = settings(
  'an answer such as { status: 200, body: "hello" }',
  {
    status: wholeNumber(200, 599).prefault(200).describe("Status of the answer."),
    headers: z.record(z.string(), z.string({ error: "expected a text" }), {
      error: (issue) => issue.code === "invalid_type" ? "expected header fields by name" : undefined,
    }).prefault({}).describe("Fields of the answer, as they stand: no templates."),
    body: z.string({ error: "expected a text" }).optional().describe("Text of the answer. Not with json."),
    json: z.unknown().optional().describe("Value sent as JSON. Not with body."),
  },
).transform((written, context): ParsedRespond => {
  const { status, body, json } = written, headers: Record<string, string> = {};
  const refuse = (path: string[], message: string, remedy?: string, onKey = false) =>
    context.issues.push({ code: "custom", input: written, path, message, params: { remedy, onKey } });
  for (const [name, value] of Object.entries(written.headers)) {
    const lower = name.toLowerCase(), path = ["headers", name];
    if (!isToken(name)) refuse(path, "this is no name of a header", undefined, true);
    else if (FRAMING.includes(lower)) {
      refuse(path, `${lower} is written by the gateway itself`, "an answer without it", true);
    } else if (Object.hasOwn(headers, lower)) {
      refuse(path, "header names have no case, and this one stands twice", undefined, true);
    } else if (!isFieldValue(fieldText(value))) {
      refuse(path, "no header may have line breaks, controls or outer spaces");
    }
    headers[lower] = value;
  }
  if (body !== undefined && json !== undefined) {
    refuse(["json"], "an answer has body or json, not both", "one of them", true);
  }
  const text = json === undefined ? body : jsonText(json);
  if (json !== undefined && text === undefined) refuse(["json"], "this cannot be written as JSON");
  if (text !== undefined && hasNoContent(status)) {
    refuse(
      [json === undefined ? "body" : "json"],
      `an answer with status ${status} has no body`,
      "no body, or status 200",
      true,
    );
  }
  if (text !== undefined) {
    headers["content-type"] ??= json === undefined ? "text/plain; charset=utf-8" : "application/json";
  }
  return { status, headers, body: text ?? null };
}).meta({ id: "Respond", description: "An answer that is made when the config is compiled." });

/** A function that answers. */
export const handlerSchema = functionOption<RouteHandler>({
  expected: "a function, which only a config in TypeScript can have",
});

function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
