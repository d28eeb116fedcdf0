/** What is on with all defaults, off, or on with settings. @module */

import { z } from "zod";
import { flag } from "../../settings/flag.ts";
import { oneOfShapes } from "../../settings/shapes.ts";

/**
 * `true`: what the settings make of nothing; `false`: `null`.
 *
 * @param expected what the settings are, in messages
 */
export function onOr<T>(expected: string, settings: z.ZodType<T, unknown>): z.ZodType<T | null, unknown> {
  return oneOfShapes(`true, false or ${expected}`, [
    flag().transform((on) => on ? z.parse(settings, {}) : null),
    settings,
  ]);
}
