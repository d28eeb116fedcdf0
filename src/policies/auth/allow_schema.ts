/** What `allow` accepts. @module */

import { z } from "zod";
import type { MaybePromise } from "../../core/handler.ts";
import type { Identity } from "../../core/identity.ts";
import { functionOption } from "../../settings/function_option.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { oneOfShapes, oneOrMore, report, settings } from "../../settings/shapes.ts";
import { plainText, text } from "../../settings/text.ts";
import type { Context } from "../context.ts";
import { parseExpression } from "./allow/expression.ts";

/** A value of a claim. */
export type ClaimValue = string | number | boolean;

/** Decides by itself. */
export type WhenFunction = (identity: Identity, ctx: Context) => MaybePromise<boolean>;

/** The conditions, all of which must hold. */
export interface AllowPlan {
  readonly groups?: readonly string[];
  readonly scopes?: readonly string[];
  readonly consumers?: readonly string[];
  readonly claims?: Readonly<Record<string, readonly ClaimValue[]>>;
  /** An expression that parses, or a function. */
  readonly when?: string | WhenFunction;
}

const EXAMPLE = "\"jwt:tier == 'pro' or 'admin' in groups\"";

const expression = text<string>({
  expected: `an expression such as ${EXAMPLE}`,
  read(value) {
    const parsed = parseExpression(value);
    if (!("error" in parsed)) return value;
    return new Refusal(`at character ${parsed.at + 1}: ${parsed.error}`, parsed.remedy);
  },
});

const claimValue = scalar<ClaimValue>({
  expected: "a text, a number, true or false",
  json: { anyOf: [{ type: "string" }, { type: "number" }, { type: "boolean" }] },
  parse: (value) => ["string", "number", "boolean"].includes(typeof value) ? value as ClaimValue : undefined,
});

const names = (one: string) => oneOrMore(one, plainText(one), "at least one is needed");

const conditions = settings('settings such as { groups: ["admin"] }', {
  groups: names("a group").optional().describe("Groups, one of which is needed."),
  scopes: names("a scope").optional().describe("Scopes, all of which are needed."),
  consumers: names("the name of a consumer").optional().describe("Consumers; it must be one of them."),
  claims: z.record(
    z.string(),
    oneOrMore("a value", claimValue, "at least one value is needed"),
    { error: () => 'expected values by claim, such as { tier: ["pro", "team"] }' },
  ).optional().describe("Values by claim, one of which each claim must have; /a/b is claim b inside of claim a."),
  when: oneOfShapes("an expression, or a function", [
    expression,
    functionOption<WhenFunction>({ expected: "a function of identity and ctx" }),
  ]).optional().describe(`An expression such as ${EXAMPLE}.`),
}).transform((plan, context): AllowPlan => {
  if (Object.values(plan).every((value) => value === undefined)) {
    const message = "nothing is asked for, so that everybody would pass";
    report(context, plan, [{ path: [], message, remedy: 'at least one condition, such as groups: ["admin"]' }]);
  }
  const { claims } = plan;
  if (claims !== undefined && Object.keys(claims).length === 0) {
    report(context, plan, [{ path: ["claims"], message: "at least one claim is needed" }]);
  }
  return plan;
});

/** Schema of what `allow` takes: an expression, a function, or conditions. */
export const allowSchema: z.ZodType<AllowPlan, unknown> = oneOfShapes(
  `conditions such as { groups: ["admin"] }, or an expression such as ${EXAMPLE}`,
  [
    conditions,
    expression.transform((when): AllowPlan => ({ when })),
    functionOption<(ctx: Context) => MaybePromise<boolean>>({ expected: "a function of ctx" })
      .transform((decide): AllowPlan => ({ when: (_identity, ctx) => decide(ctx) })),
  ],
);
