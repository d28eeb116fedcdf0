/** What `fault` accepts, with its defaults filled in. @module */

import { z } from "zod";
import { parseDuration } from "../../core/units.ts";
import { scalar } from "../../settings/scalar.ts";
import { type HeaderCondition, parseHeaderCondition } from "./header_condition.ts";

/** Milliseconds: what a timer can hold, and a little less. */
const LONGEST = 24 * 86_400_000;

/** The options as they are checked: durations in milliseconds, shares from 0 to 1. */
export interface FaultPlan {
  readonly enabled: boolean;
  readonly delay?: DelayPlan;
  readonly abort?: AbortPlan;
  readonly when?: HeaderCondition;
}

/** Requests that are held. */
export interface DelayPlan {
  readonly for: number;
  readonly share: number;
}

/** Requests that are refused. */
export interface AbortPlan {
  readonly status: number;
  readonly share: number;
}

const share = scalar({
  expected: "a number from 0 to 1",
  json: { type: "number", minimum: 0, maximum: 1 },
  parse: (written) => typeof written === "number" && written >= 0 && written <= 1 ? written : undefined,
  remedy: (written) => `${meantShare(written) ?? 0.1}`,
});

const delayFor = scalar({
  expected: 'a duration such as "250ms" or "2s", above 0 and up to 24 days',
  json: { type: "string", pattern: "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$" },
  parse(written) {
    const ms = typeof written === "string" ? parseDuration(written) : undefined;
    return ms !== undefined && ms > 0 && ms <= LONGEST ? ms : undefined;
  },
  remedy: (written) => typeof written === "number" && written > 0 ? `"${written}ms" or "${written}s"` : '"250ms"',
});

const status = scalar({
  expected: "a status from 400 to 599",
  json: { type: "integer", minimum: 400, maximum: 599 },
  parse: (written) => isErrorStatus(written) ? written : undefined,
  remedy: (written) => typeof written === "string" && isErrorStatus(Number(written)) ? `${Number(written)}` : "503",
});

const when = scalar<HeaderCondition>({
  expected: 'a header such as "header:x-fault" or "header:x-fault=1"',
  json: { type: "string", pattern: "^header:[!#$%&'*+.^_`|~0-9A-Za-z-]+(=.+)?$" },
  parse: (written) => typeof written === "string" ? parseHeaderCondition(written) : undefined,
  remedy(written) {
    const meant = `header:${String(written).trim().replace(/^header:\s*|\s*=\s*$/g, "")}`;
    return parseHeaderCondition(meant) === undefined ? '"header:x-fault"' : `"${meant}"`;
  },
});

const enabled = scalar({
  expected: "true or false",
  json: { type: "boolean" },
  parse: (written) => typeof written === "boolean" ? written : undefined,
  remedy: (written) => /^(?:yes|on|true)$/i.test(String(written)) ? "true" : "true, or false for no faults",
});

const SHARE = "Share of the requests, from 0 to 1.";

/** Schema of the options of `fault`. Custom issues carry `params.remedy`. */
export const faultSchema: z.ZodType<FaultPlan, unknown> = z.strictObject({
  enabled: enabled.meta({ description: "Whether faults happen: to be said, as there is no default." }),
  delay: z.strictObject({
    for: delayFor.meta({ description: "How long a request is held before it goes on." }),
    share: share.default(1).meta({ description: SHARE }),
  }).optional().meta({ description: "Holds requests." }),
  abort: z.strictObject({
    status: status.default(503).meta({ description: "Status of the answer." }),
    share: share.default(1).meta({ description: SHARE }),
  }).optional().meta({ description: "Answers requests in place of the target." }),
  when: when.optional()
    .meta({
      description: "Only requests with this header, or with this value of it: header:name or header:name=value.",
    }),
}).superRefine(({ delay, abort }, issue) => {
  if (delay !== undefined || abort !== undefined) return;
  const params = { remedy: 'delay: { for: "2s" }, abort: { status: 503 }, or both' };
  issue.addIssue({ code: "custom", message: "there is no fault here: neither delay nor abort", params });
}).meta({ anyOf: [{ required: ["delay"] }, { required: ["abort"] }] });

function isErrorStatus(written: unknown): written is number {
  return typeof written === "number" && Number.isInteger(written) && written >= 400 && written <= 599;
}

/** A share that was written as a text, or in per cent: 10, "10%". */
function meantShare(written: unknown): number | undefined {
  const [, digits, sign] = /^(\d*\.?\d+)(\s*%)?$/.exec(String(written)) ?? [];
  const number = Number(digits);
  if (digits === undefined || number > 100) return undefined;
  if (sign === undefined && number <= 1) return number;
  return sign === undefined && !Number.isInteger(number) ? undefined : Number((number / 100).toPrecision(12));
}
