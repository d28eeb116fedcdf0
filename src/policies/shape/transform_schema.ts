/** What `transform` accepts, with its defaults filled in. @module */

import { z } from "zod";
import type { Reply } from "../../core/reply.ts";
import { choice } from "../../settings/choice.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { listOf, report, settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";
import type { Context } from "../context.ts";
import { type BodyTemplate, prepareTemplate } from "./transform/body_template.ts";
import type { StatusText } from "./transform/status_filter.ts";

/** More than a gateway should keep of one message. */
const MOST = 256 * 1024 ** 2;

/** A function, or a template that is known to be one. */
export type BodyOption =
  | ((value: unknown, ctx: Context, reply: Reply | null) => unknown)
  | { readonly template: BodyTemplate };

/** What is done to one side, checked. */
export interface SidePlan {
  readonly body: BodyOption;
  /** Bytes. */
  readonly maxBody: number;
  readonly otherTypes: "pass" | "refuse";
}

/** What is done to answers, checked. */
export interface ResponseSidePlan extends SidePlan {
  readonly statuses: readonly StatusText[];
}

/** The options as they are checked. */
export interface TransformPlan {
  readonly request?: SidePlan;
  readonly response?: ResponseSidePlan;
}

const body: z.ZodType<BodyOption, unknown> = z.unknown().meta({}).transform((input, context): BodyOption => {
  if (typeof input === "function") return input as BodyOption;
  if (input === undefined) {
    report(context, input, [{ path: [], message: "this is missing: expected a function or a template of JSON" }]);
    return z.NEVER;
  }
  const template = prepareTemplate(input);
  if (!("length" in template)) return { template: input as BodyTemplate };
  report(context, input, template);
  return z.NEVER;
});

const status = scalar<StatusText>({
  expected: 'a status such as 200, or "2xx"',
  json: { anyOf: [{ type: "integer", minimum: 200, maximum: 599 }, { enum: ["2xx", "3xx", "4xx", "5xx"] }] },
  parse(value) {
    if (typeof value === "number") {
      return Number.isInteger(value) && value >= 200 && value <= 599
        ? value
        : new Refusal("expected a status from 200 to 599");
    }
    if (typeof value !== "string") return undefined;
    return /^[2-5]xx$/.test(value) ? value as StatusText : new Refusal('expected a status such as 200, or "2xx"');
  },
});

const SIDE = {
  body: body.describe("The new body: a template of JSON with {body:/pointer} and keys in its texts, or a function."),
  maxBody: size(1, MOST).prefault("1MiB").describe("Longest body that is read."),
  otherTypes: choice(["pass", "refuse"]).prefault("pass")
    .describe("What becomes of a body that is not JSON, or that has a content-encoding."),
};

/** Schema of the options of `transform`. */
export const transformSchema: z.ZodType<TransformPlan, unknown> = settings(
  "settings such as { request: { body: … } }",
  {
    request: settings("settings such as { body: … }", SIDE).optional().describe("Requests, before they go on."),
    response: settings("settings such as { body: … }", {
      ...SIDE,
      statuses: listOf("a list of statuses", status, "at least one status is needed").prefault(["2xx"])
        .describe("Which answers: 200, 2xx."),
    }).optional().describe("Answers, before they go to the client."),
  },
).transform((options, context) => {
  if (options.request === undefined && options.response === undefined) {
    report(context, options, [{
      path: [],
      message: "nothing is transformed here",
      remedy: "request, response or both",
    }]);
  }
  return options;
});
