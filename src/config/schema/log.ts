/** The process's own log. @module */

import { z } from "zod";
import { choice } from "../../settings/choice.ts";
import { type Misfit, report, settings } from "../../settings/shapes.ts";
import type { LogPlan } from "../../telemetry/telemetry_plan.ts";
import { outputFile } from "./output_file.ts";

const LEVELS = ["debug", "info", "warn", "error", "off"] as const;
const CATEGORY = /^[a-z][A-Za-z0-9-]*(?:\.[a-z][A-Za-z0-9-]*)*$/;

const levels = z.record(z.string(), choice(LEVELS), {
  error: (issue) => issue.code === "invalid_type" ? "expected levels by category" : undefined,
}).superRefine((written, context) => {
  const wrong = Object.keys(written).filter((name) => !CATEGORY.test(name));
  report(
    context,
    written,
    wrong.map((name): Misfit => ({
      path: [name],
      message: "this is no category",
      remedy: 'words with dots between them, such as upstreams or "policies.cache"',
      onKey: true,
    })),
  );
});

/** What the process tells an operator. */
export const logSchema = settings('settings such as { level: "warn" }', {
  file: outputFile().optional(),
  format: choice(["auto", "json", "text"]).prefault("auto").describe("auto: text on a terminal, JSON elsewhere."),
  level: choice(LEVELS).prefault("info").describe("The least of what is told."),
  levels: levels.prefault({}).describe("Levels of single parts, by the categories that entries have."),
}).prefault({}).transform(({ file, ...rest }): LogPlan => ({ to: file === undefined ? "stderr" : { file }, ...rest }))
  .describe("What the process tells an operator.");
