/** Secrets as settings. @module */

import type { z } from "zod";
import { type Secret, secret } from "../../core/secret.ts";
import { secretOption } from "../../policies/secret_option.ts";
import { plainText } from "./text.ts";
import { oneOfShapes } from "./settings.ts";

/** `secret.env()` or `secret.file()`, or what they print as. */
export function secretValue(): z.ZodType<Secret, unknown> {
  return secretOption as z.ZodType<Secret, unknown>;
}

/** A secret, or the path of a file, which becomes one: there is one way to read a file. */
export function fileOrSecret(): z.ZodType<Secret, unknown> {
  const path = plainText("the path of a file").transform((file) => secret.file(file));
  return oneOfShapes("the path of a file, or a secret", [path, secretOption]);
}
