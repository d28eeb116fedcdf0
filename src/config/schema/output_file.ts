/** Files that are written. @module */

import type { z } from "zod";
import { plainText } from "../../settings/text.ts";

/** The path of a file that is appended to, as it is. */
export function outputFile(): z.ZodType<string, unknown> {
  return plainText("the path of a file").describe(
    "Appended to. Unlike other paths a relative one starts at the working directory, not at the config's folder.",
  );
}
