/** Stores. @module */

import { z } from "zod";

/** A store as it is written; its kind knows what its options are. */
const storeSchema = z.unknown().meta({ id: "Store" });

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The stores by name. */
export const storesSchema = z.record(
  z.string().regex(NAME, { error: "a store's name is letters, digits, dots, dashes and underscores" }),
  storeSchema,
  { error: (issue) => issue.code === "invalid_type" ? "expected stores by name" : undefined },
).prefault({}).meta({
  description: "Where limits are counted, by name. The one called default is for policies that name none.",
  examples: [{ limits: "memory" }],
});
