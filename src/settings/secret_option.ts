/** A secret as an option of a policy. @module */

import { z } from "zod";
import { secret } from "../core/secret.ts";

/** Accepts `secret.env()` and `secret.file()`, and in YAML and JSON their printed forms `{ env }` and `{ file }`. */
export const secretOption = z.union([
  z.strictObject({ env: z.string().min(1).meta({ description: "Name of the environment variable." }) })
    .transform(({ env }) => secret.env(env)),
  z.strictObject({ file: z.string().min(1).meta({ description: "Path of the file." }) })
    .transform(({ file }) => secret.file(file)),
]);
