/** Secrets as settings. @module */

import type { z } from "zod";
import { type Secret, secret } from "../../core/secret.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { Refusal } from "../../settings/scalar.ts";
import { oneOfShapes } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";

/** `secret.env()` or `secret.file()`, or what they print as. */
export function secretValue(): z.ZodType<Secret, unknown> {
  return secretOption as z.ZodType<Secret, unknown>;
}

/** A secret, or the path of a file, which becomes one: there is one way to read a file. `what` is in the file. */
export function fileOrSecret(what: "certificate" | "private key"): z.ZodType<Secret, unknown> {
  const path = text<Secret>({
    expected: "the path of a file",
    read(file) {
      if (!file.includes("-----BEGIN ")) return secret.file(file);
      return new Refusal(
        `this is the text of a ${what}, not the path of a file`,
        "the path of a file that holds it",
      );
    },
  });
  return oneOfShapes("the path of a file, or a secret", [path, secretOption]);
}
