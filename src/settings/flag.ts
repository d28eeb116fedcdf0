/** Yes or no. @module */

import type { z } from "zod";
import { scalar } from "./scalar.ts";

const MEANT = new Map([["yes", "true"], ["on", "true"], ["true", "true"], ["no", "false"], ["off", "false"], [
  "false",
  "false",
]]);

/** `true` or `false`; YAML 1.2 reads `yes` and `on` as texts. */
export function flag(): z.ZodType<boolean, unknown> {
  return scalar<boolean>({
    expected: "true or false",
    json: { type: "boolean" },
    parse: (value) => typeof value === "boolean" ? value : undefined,
    remedy: (value) => typeof value === "string" ? MEANT.get(value.toLowerCase()) : undefined,
  });
}

/** `true`, of what is off where it is left out. */
export function onlyTrue(): z.ZodType<true, unknown> {
  return scalar<true>({
    expected: "true",
    json: { const: true },
    parse: (value) => value === true ? value : undefined,
    remedy: (value) => value === false ? "nothing: leave it out" : undefined,
  });
}
