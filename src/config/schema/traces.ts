/** Traces. @module */

import type { z } from "zod";
import { isToken } from "../../http/token.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { numberBetween, wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, type Misfit, oneOfShapes, report, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import type { BatchPlan, Propagator, TraceSinkPlan, TracesPlan } from "../../telemetry/telemetry_plan.ts";
import { eachOnce } from "./each_once.ts";
import { onOr } from "./on_or.ts";
import { COLLECTOR, collectorOr, otlpPlan, otlpShape } from "./otlp.ts";

const EXPECTED = 'settings such as { to: "console" }';
/** The field of answers where none is named. */
const ID_FIELD = "x-trace-id";
const BATCH: BatchPlan = { queue: 8192, size: 128, delay: 1000 };

/** Fields of answers that mean something else. */
const TAKEN = ["content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "upgrade"];

const toSchema = collectorOr(["console"], settings(COLLECTOR, otlpShape("traces")).transform(otlpPlan));

const batchSchema = settings("settings of the batches", {
  queue: wholeNumber(1, 1_000_000).optional().describe(`Spans that wait at most. Default: ${BATCH.queue}.`),
  size: wholeNumber(1, 100_000).optional().describe(`Spans that are sent at once. Default: ${BATCH.size}.`),
  delay: duration({ zero: false, least: 10, most: 600_000 }).optional()
    .describe("How long spans wait for others. Default: 1s."),
});

const idField = oneOfShapes("true, false or the name of a header", [
  flag().transform((on) => on ? ID_FIELD : null),
  text<string>({
    expected: `the name of a header, such as "${ID_FIELD}"`,
    read(name) {
      if (!isToken(name)) return new Refusal("this is no name of a header", `"${ID_FIELD}"`);
      const lower = name.toLowerCase();
      return TAKEN.includes(lower) ? new Refusal(`${lower} has a meaning of its own`, `"${ID_FIELD}"`) : lower;
    },
  }),
]);

const propagators = eachOnce(
  listOf(
    "a list of names",
    choice<Propagator>(["tracecontext", "baggage", "b3", "b3multi"]),
    "at least one is needed, or no trace goes beyond this gateway",
  ),
);

const tracesSettings = settings(EXPECTED, {
  to: toSchema.prefault("otlp").describe("Where spans go: a collector, or a tree on standard error."),
  sample: numberBetween(0, 1).prefault(1).describe("Share of the traces that begin here that are recorded."),
  accept: choice(["any", "trusted", "none"]).prefault("any")
    .describe("Whose traces are continued: anybody's, those of trusted proxies, or nobody's."),
  keepErrors: flag().prefault(false)
    .describe("Whether traces of requests that failed are recorded, whatever sample says."),
  propagate: propagators.prefault(["tracecontext", "baggage"]).describe("Fields in which traces are handed on."),
  policies: choice(["acting", "all", "none"]).prefault("acting")
    .describe("Policies that have spans: those that waited or refused, all, or none."),
  responseHeader: idField.prefault(false)
    .describe(`Field of answers that tells the id of the trace; true: ${ID_FIELD}.`),
  batch: batchSchema.optional().describe("How spans are gathered before they are sent."),
}).meta({ examples: [{ to: "console" }] }).transform((written, context): TracesPlan => {
  const { to, batch, ...rest } = written, { sink, misfits } = sinkOf(to, batch);
  report(context, written, misfits);
  return { ...rest, to: sink };
});

/** Traces: `null` where there are none. */
export const tracesSchema: z.ZodType<TracesPlan | null, unknown> = onOr(EXPECTED, tracesSettings);

function sinkOf(
  to: z.output<typeof toSchema>,
  batch: z.output<typeof batchSchema> | undefined,
): { sink: TraceSinkPlan; misfits: Misfit[] } {
  if (to === "console") {
    const message = "the console gets each trace as soon as it is over", remedy = "batch with a collector only";
    const misfits = batch === undefined ? [] : [{ path: ["batch"], message, remedy, onKey: true }];
    return { sink: { kind: "console" }, misfits };
  }
  const { queue = BATCH.queue, delay = BATCH.delay } = batch ?? {}, size = batch?.size ?? Math.min(BATCH.size, queue);
  const message = `${queue} spans wait at most, by queue`, remedy = `${queue} or less, or more queue`;
  return {
    sink: { kind: "otlp", otlp: to, batch: { queue, size, delay } },
    misfits: size > queue ? [{ path: ["batch", "size"], message, remedy }] : [],
  };
}
