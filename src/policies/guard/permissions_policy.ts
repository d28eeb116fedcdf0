/** Permissions policies as settings (W3C Permissions Policy §5.2). @module */

import { z } from "zod";
import { isFieldValue } from "../../core/header_list.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, oneOfShapes, report } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { readOrigin } from "./origin_option.ts";

/**
 * Who may use a feature: `"*"` everybody, `"self"` pages of this origin, `"src"` what a frame shows, origins in its place;
 * `[]` nobody.
 */
export type PermissionsAllowlist = "*" | "self" | readonly ("self" | "src" | `${string}://${string}`)[];

/** A permissions policy by feature: `{ camera: [], geolocation: ["self", "https://maps.example.com"] }`. */
export type PermissionsPolicy = { readonly [feature: string]: PermissionsAllowlist };

const FEATURE = /^[a-z][a-z0-9-]*$/;

const policyText = text<string>({
  expected: "a permissions policy",
  read: (policy) => isFieldValue(policy) ? policy : new Refusal("a policy is one line of plain text"),
});

/** As the field has it: words as they are, origins in quotes. */
const member = text<string>({
  expected: '"self", "src" or an origin',
  read(member) {
    if (member === "self" || member === "src") return member;
    if (member === "*") return new Refusal('"*" is everybody, and stands alone', '"*" in place of the list');
    const origin = readOrigin(member);
    return origin instanceof Refusal ? origin : `"${member}"`;
  },
});

const allowlist: z.ZodType<string, unknown> = oneOfShapes('"*", "self" or a list', [
  text<string>({
    expected: '"*" or "self"',
    read: (word) =>
      word === "*" || word === "self" ? word : new Refusal('expected "*", "self" or a list', `["${word}"]`),
  }).transform((word) => word === "*" ? "*" : "(self)"),
  listOf("a list", member).transform((members) => `(${members.join(" ")})`),
]);

const EXPECTED = "features such as { camera: [] }";

const features = z.record(z.string(), allowlist, { error: () => `expected a policy, or ${EXPECTED}` })
  .superRefine((policy, context) =>
    report(
      context,
      policy,
      Object.keys(policy).filter((name) => !FEATURE.test(name)).map((name) => ({
        path: [name],
        message: "features are written in lower case, with dashes",
        remedy: `"${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}"`,
        onKey: true,
      })),
    )
  ).transform((policy) => Object.entries(policy).map(([feature, list]) => `${feature}=${list}`).join(", "))
  .refine((policy) => policy !== "", { error: "at least one feature is needed" });

/** A permissions policy, as the text that is sent. */
export const permissionsPolicy: z.ZodType<string, unknown> = oneOfShapes(`a policy, or ${EXPECTED}`, [
  policyText,
  features,
]);
