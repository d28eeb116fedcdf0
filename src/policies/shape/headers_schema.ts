/** What `headers` accepts: every rule that can be checked without a request. @module */

import { z } from "zod";
import { KEY_FORMS } from "../../core/key.ts";
import { parseTemplate } from "../../core/template.ts";
import { isToken } from "../../http/token.ts";
import { secretOption } from "../../settings/secret_option.ts";
import { protectedField, type Side } from "./protected_fields.ts";

/** What is wrong, and what to write instead. */
interface Wrong {
  readonly message: string;
  readonly remedy: string;
}

// deno-lint-ignore no-control-regex -- control characters are what is looked for
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

const value = z.union([
  z.string().superRefine((text, issue) => report(issue, wrongTemplate(text)))
    .meta({ description: "A template: text with keys in braces, such as {ip} or {param:id}." }),
  secretOption,
], { error: "a header value is a text or a secret" });

function edits(side: Side) {
  return z.strictObject({
    set: z.record(z.string(), value).optional()
      .meta({ description: "Fields to have exactly this value, whatever came." }),
    append: z.record(z.string(), value).optional()
      .meta({ description: "Fields to add beside those of the same name." }),
    remove: z.array(z.string()).optional().meta({ description: "Names of fields that do not pass." }),
  }).superRefine(({ set = {}, append = {}, remove = [] }, issue) => {
    for (const [verb, fields] of Object.entries({ set, append })) {
      const seen = new Set<string>();
      for (const name of Object.keys(fields)) {
        report(issue, wrongName(name, side) ?? (seen.has(name.toLowerCase()) ? twice(name) : null), [verb, name]);
        seen.add(name.toLowerCase());
      }
    }
    remove.forEach((name, i) => report(issue, wrongName(name, side), ["remove", i]));
  });
}

/** Schema of the options of `headers`. Custom issues carry `params.remedy`. */
export const headersSchema = z.strictObject({
  request: edits("request").optional().meta({ description: "Changes to the request before it goes upstream." }),
  response: edits("response").optional().meta({ description: "Changes to the response before it goes to the client." }),
});

function wrongName(name: string, side: Side): Wrong | null {
  if (!isToken(name)) {
    return { message: `"${name}" is not a header name`, remedy: "a name of letters, digits and -, such as x-user-id" };
  }
  const reason = protectedField(name, side);
  if (reason === undefined) return null;
  const remedy = name.toLowerCase() === "host" ? "host on the upstream" : "nothing: leave it out";
  return { message: `${name} cannot be changed on the ${side}: ${reason}`, remedy };
}

function twice(name: string): Wrong {
  return { message: `${name} stands here twice: header names know no case`, remedy: "one of them" };
}

function wrongTemplate(text: string): Wrong | null {
  const template = parseTemplate(text);
  if ("error" in template) {
    return {
      message: template.error,
      remedy: `text with keys in braces: {${KEY_FORMS.join("}, {")}}; {{ is a plain brace`,
    };
  }
  const { literals } = template;
  if (literals.some((literal) => CONTROL.test(literal))) {
    return { message: "a header value has no line break and no other control character", remedy: "one line of text" };
  }
  if (/^[ \t]/.test(literals[0]) || /[ \t]$/.test(literals[literals.length - 1])) {
    return { message: "a header value has no white space at its ends", remedy: JSON.stringify(text.trim()) };
  }
  return null;
}

function report(issue: z.RefinementCtx, wrong: Wrong | null, path: (string | number)[] = []): void {
  if (wrong === null) return;
  issue.addIssue({ code: "custom", message: wrong.message, path, params: { remedy: wrong.remedy } });
}
