/** The access log. @module */

import type { z } from "zod";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { numberBetween } from "../../settings/number_between.ts";
import { listOf, type Misfit, report, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { ACCESS_FIELDS } from "../../telemetry/access_log/access_fields.ts";
import type { AccessLogPlan } from "../../telemetry/telemetry_plan.ts";
import { USUAL_REDACTIONS } from "../../telemetry/access_log/usual_redactions.ts";
import { eachOnce } from "./each_once.ts";
import { fieldName } from "./field_name.ts";
import { onOr } from "./on_or.ts";
import { outputFile } from "./output_file.ts";

const EXPECTED = 'settings such as { file: "./var/access.log" }';

const fieldNames = (example: string) => eachOnce(listOf("a list of header names", fieldName(example))).prefault([]);

const redacted = text<string>({
  expected: 'the name of a header, or a key of the query, such as "session"',
  read: (name) => name.toLowerCase(),
});

const accessLogSettings = settings(EXPECTED, {
  file: outputFile().optional(),
  format: choice(["json", "common", "combined"]).prefault("json").describe("JSON, or one of Apache's formats."),
  fields: eachOnce(listOf("a list of names", choice(ACCESS_FIELDS), "at least one is needed")).optional()
    .describe("Members of a line in JSON, in order."),
  headers: settings("settings such as { request: [ … ] }", {
    request: fieldNames("user-agent").describe("Names of the requests' fields."),
    response: fieldNames("content-type").describe("Names of the answers' fields."),
  }).optional().describe("Fields of requests and of answers that are in a line in JSON too."),
  query: flag().prefault(false).describe("Whether the query is told."),
  redact: listOf("a list of names", redacted).prefault([])
    .describe("Keys of the query, and fields, whose values are not told, beside the usual ones."),
  sample: numberBetween(0, 1).prefault(1).describe("Share of the requests that have a line."),
  slow: duration({ zero: false }).optional().describe("Requests that take longer have a line in any case."),
  errors: flag().prefault(true).describe("Whether requests that failed have a line in any case."),
}).meta({ examples: [{ file: "./var/access.log" }] }).transform((written, context): AccessLogPlan => {
  const { file, format, fields, headers, redact, slow, ...rest } = written;
  if (format !== "json") report(context, written, ofJson(format, { fields, headers }));
  return {
    to: file === undefined ? "stdout" : { file },
    format,
    fields: fields ?? null,
    headers: headers ?? { request: [], response: [] },
    redact: [...new Set([...USUAL_REDACTIONS, ...redact])],
    slow: slow ?? null,
    ...rest,
  };
});

/** The access log: `null` where there is none. */
export const accessLogSchema: z.ZodType<AccessLogPlan | null, unknown> = onOr(EXPECTED, accessLogSettings);

function ofJson(format: string, only: Readonly<Record<string, unknown>>): Misfit[] {
  return Object.keys(only).filter((key) => only[key] !== undefined).map((key) => ({
    path: [key],
    message: `the format "${format}" has no place for ${key}`,
    remedy: `format: "json", or no ${key}`,
    onKey: true,
  }));
}
