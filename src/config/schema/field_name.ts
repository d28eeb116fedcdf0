/** Names of header fields as settings. @module */

import type { z } from "zod";
import { isToken } from "../../http/token.ts";
import { Refusal } from "../../settings/scalar.ts";
import { text } from "../../settings/text.ts";

/** The name of a field, in lower case. @param example such as `x-request-timeout` */
export function fieldName(example: string): z.ZodType<string, unknown> {
  return text<string>({
    expected: `the name of a header, such as "${example}"`,
    read: (name) => isToken(name) ? name.toLowerCase() : new Refusal("this is no name of a header", `"${example}"`),
  });
}
