/** Parts of a config that may be wrong elsewhere. @module */

import { z } from "zod";

/** What a schema makes of a value, or `undefined` where it finds something wrong: whoever validates the whole reports it. */
export function readPart<T>(schema: z.core.$ZodType<T>, value: unknown): T | undefined {
  return z.core.safeParse(schema, value).data;
}

/** The settings that stand there, or none. */
export function settingsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

/** The list that stands there, or an empty one. */
export function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
