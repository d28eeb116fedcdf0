/** Functions: settings that only a config in TypeScript can have. @module */

import type { z } from "zod";
import { type Scalar, scalar } from "./scalar.ts";

/** How a function is spoken of. */
export interface FunctionOptions {
  /** What stands after "expected". @default "a function" */
  readonly expected?: string;
  /** Its JSON Schema; `{ not: {} }` where no value in JSON may stand in its place. @default any value */
  readonly json?: Scalar<unknown>["json"];
}

/** A function. What it takes and returns cannot be checked before it is called. */
export function functionOption<F>({ expected = "a function", json = {} }: FunctionOptions = {}): z.ZodType<F, unknown> {
  return scalar<F>({ expected, json, parse: (value) => typeof value === "function" ? value as F : undefined });
}
