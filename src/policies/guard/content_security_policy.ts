/** Content security policies as settings (CSP Level 3). @module */

import { z } from "zod";
import { isFieldValue } from "../../core/header_list.ts";
import { nearest } from "../../settings/nearest.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, type Misfit, oneOfShapes, report } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { onlyTrue } from "../../settings/flag.ts";

/** Directives of {@link CspDirectives}, in the order in which they are sent. */
const DIRECTIVES = [
  "default-src",
  "script-src",
  "script-src-elem",
  "script-src-attr",
  "style-src",
  "style-src-elem",
  "style-src-attr",
  "img-src",
  "font-src",
  "connect-src",
  "media-src",
  "object-src",
  "child-src",
  "frame-src",
  "worker-src",
  "manifest-src",
  "fenced-frame-src",
  "base-uri",
  "form-action",
  "frame-ancestors",
  "sandbox",
  "require-trusted-types-for",
  "trusted-types",
  "upgrade-insecure-requests",
  "report-uri",
  "report-to",
] as const;

/** A directive. Others can be written in a policy that is a text. */
export type CspDirective = typeof DIRECTIVES[number];

/** A content security policy by directive: `{ "default-src": "'self'", "img-src": ["'self'", "data:"] }`. `true`: no values. */
export type CspDirectives = { readonly [D in CspDirective]?: string | readonly string[] | true };

/** What means itself in quotes, and a host of that name without. */
const KEYWORD =
  /^(?:self|none|unsafe-inline|unsafe-eval|unsafe-hashes|wasm-unsafe-eval|strict-dynamic|report-sample|inline-speculation-rules|(?:nonce|sha256|sha384|sha512)-.+)$/;
/** These alone make sense without a value. */
const BARE: ReadonlySet<string> = new Set<CspDirective>(["sandbox", "upgrade-insecure-requests", "trusted-types"]);
/** Whose values are words without quotes. */
const WORDS: ReadonlySet<string> = new Set<CspDirective>(["sandbox", "report-to", "report-uri", "trusted-types"]);

const policyText = text<string>({
  expected: "a content security policy",
  read: (policy) =>
    isFieldValue(policy) ? policy : new Refusal("a policy is one line of plain text", JSON.stringify(oneLine(policy))),
});

const value = text<string>({
  expected: "a value such as \"'self'\"",
  read: (value) =>
    /^[\x21-\x2b\x2d-\x3a\x3c-\x7e]+$/.test(value) ? value : new Refusal(
      "a value is one word of plain text, without ; and ,",
      `["${value.trim().split(/[\s;,]+/).join('", "')}"]`,
    ),
});

/** Several values in one text, as policies have them. */
const values = text<string[]>({
  expected: "values such as \"'self' data:\"",
  read: (values) =>
    /^[\x20-\x2b\x2d-\x3a\x3c-\x7e]+$/.test(values)
      ? values.trim().split(/ +/)
      : new Refusal("values are plain text, without ; and ,"),
});

const directives = z.record(
  z.string(),
  oneOfShapes("values such as [\"'self'\"], or true", [
    values,
    listOf("a list of values", value),
    onlyTrue().transform((): string[] => []),
  ]),
  { error: () => 'expected a policy, or directives such as { "default-src": "\'self\'" }' },
).superRefine((policy, context) => report(context, policy, Object.entries(policy).flatMap(misfits)))
  .transform((policy) =>
    DIRECTIVES.filter((name) => policy[name] !== undefined).map((name) => [name, ...policy[name]].join(" ")).join("; ")
  ).refine((policy) => policy !== "", { error: "at least one directive is needed" });

/** A content security policy, as the text that is sent. */
export const contentSecurityPolicy: z.ZodType<string, unknown> = oneOfShapes(
  'a policy, or directives such as { "default-src": "\'self\'" }',
  [policyText, directives],
);

function misfits([name, values]: [string, string[]]): Misfit[] {
  if (!(DIRECTIVES as readonly string[]).includes(name)) {
    const meant = nearest(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), DIRECTIVES);
    const remedy = meant === undefined ? "a policy that is a text can have any directive" : `"${meant}"`;
    return [{ path: [name], message: `"${name}" is no directive that is known here`, remedy, onKey: true }];
  }
  if (values.length === 0 && !BARE.has(name)) {
    return [{ path: [name], message: `${name} needs a value`, remedy: "\"'none'\" or \"'self'\"" }];
  }
  if (WORDS.has(name)) return [];
  const bare = values.find((value) => KEYWORD.test(value));
  if (bare === undefined) return [];
  return [{ path: [name], message: `${bare} without its quotes is a host of that name`, remedy: `"'${bare}'"` }];
}

function oneLine(policy: string): string {
  return policy.trim().replace(/\s+/g, " ");
}
