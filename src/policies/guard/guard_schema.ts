/** What `guard` accepts. @module */

import type { z } from "zod";
import { isFact, parseKey } from "../../core/key.ts";
import { functionOption } from "../../settings/function_option.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import type { Context } from "../context.ts";

/** The options as they are checked. */
export interface GuardPlan {
  readonly name?: string;
  readonly needs: readonly string[];
  readonly check: (ctx: Context) => unknown;
}

const name = text<string>({
  expected: 'a name such as "country"',
  read: (name) =>
    /^[\w.-]{1,64}$/.test(name) ? name : new Refusal("a name has up to 64 letters, digits, dots, dashes", '"country"'),
});

const fact = text<string>({
  expected: 'a fact such as "jwt:sub"',
  read: (key) =>
    isFact(key) && parseKey(key) !== undefined
      ? key
      : new Refusal(`"${key}" is no fact`, '"identity", "consumer", "basic:user", "jwt:…" or "param:…"'),
});

/** Schema of the options of `guard`. */
export const guardSchema: z.ZodType<GuardPlan, unknown> = settings("settings such as { check: (ctx) => true }", {
  name: name.optional().describe("What logs and routes call it."),
  needs: listOf("a list of facts", fact).prefault([]).describe("Facts that must be known before it."),
  check: functionOption<GuardPlan["check"]>({ expected: "a function check(ctx)" }).describe("Decides."),
});
