/** Zod's issues as findings: one language for every schema, unions resolved to the shape that was meant. @module */

import type { z } from "zod";
import { type Finding, type Path, withoutConsequences } from "./finding.ts";
import { knownElsewhere } from "./foreign_names.ts";
import { instead } from "./instead.ts";
import { childrenOf, isForSecrets, isUnseen, keysOf, shapesOf, wordsFor } from "./schema_words.ts";
import { expectedText } from "../settings/scalar.ts";
import { HIDDEN_TEXT, seenText } from "./seen.ts";
import { nearest } from "../settings/nearest.ts";

type ZodIssue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

const SECRET_FORMS = 'secret.env("NAME") or secret.file("path"); in YAML { env: NAME } or { file: path }';

/**
 * What a schema found wrong with a value.
 *
 * @param at where the value stands in the config
 */
export function findingsFromZod(issues: readonly ZodIssue[], value: unknown, schema: Schema, at: Path): Finding[] {
  return withoutConsequences(issues.flatMap((issue) => {
    const steps = issue.path as (string | number)[];
    const inner = steps.reduce<Schema[]>((schemas, key) => schemas.flatMap((one) => childrenOf(one, key)), [schema]);
    return findings(issue, valueAt(value, steps), inner, [...at, ...steps]);
  }));
}

function findings(issue: ZodIssue, value: unknown, schemas: readonly Schema[], at: Path): Finding[] {
  const params = issue.code === "custom" ? issue.params ?? {} : {};
  const place = { at, ...(params.onKey === true ? { on: "key" as const } : {}) };
  const seen = value === undefined ? {} : { seen: shownText(value, schemas) };
  if (value !== undefined && schemas.some(isForSecrets) && isMismatch(issue)) {
    return [{ at, message: "expected a secret", ...seen, remedy: SECRET_FORMS }];
  }
  const unseen = schemas.some(isUnseen), shown = unseen ? undefined : value;
  const meant = ownRemedy(issue) ?? (isMismatch(issue) ? instead(shown, schemas) : undefined);
  const remedy = meant === undefined ? {} : { remedy: meant };
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = schemas.flatMap(keysOf);
      return issue.keys.map((key) => unknownKey(key, known, at));
    }
    case "invalid_union":
      return unionFindings(issue, value, schemas, at) ??
        [{ ...place, message: unionText(issue, value, schemas), ...seen, ...remedy }];
    case "invalid_key": {
      const [own] = issue.issues, meant = own === undefined ? undefined : ownRemedy(own as ZodIssue);
      return [{
        at,
        on: "key",
        message: own?.message ?? issue.message,
        ...(meant === undefined ? {} : { remedy: meant }),
      }];
    }
    case "invalid_type": {
      const message = isDefault(issue) ? expectedText(words(schemas), value) : issue.message;
      const isOne = issue.expected === "array" && shown !== undefined && typeof shown !== "object";
      return [{ ...place, message, ...seen, ...(isOne ? { remedy: `[${seenText(value)}]` } : remedy) }];
    }
    case "invalid_value": {
      const meant = typeof value === "string" ? nearest(value, issue.values.map(String)) : undefined;
      const hint = meant === undefined ? {} : { remedy: JSON.stringify(meant) };
      return [{
        ...place,
        message: isDefault(issue) ? expectedText(words(schemas), value) : issue.message,
        ...seen,
        ...hint,
      }];
    }
    default:
      return [{ ...place, message: issue.message, ...seen, ...remedy }];
  }
}

/** What the schema's author would write; of a union, where only one of its shapes knows. */
function ownRemedy(issue: ZodIssue): string | undefined {
  if (issue.code === "custom") return typeof issue.params?.remedy === "string" ? issue.params.remedy : undefined;
  if (issue.code !== "invalid_union") return undefined;
  const remedies = issue.errors.flat().filter(({ path }) => path.length === 0).flatMap((error) =>
    ownRemedy(error) ?? []
  );
  return remedies.length === 1 ? remedies[0] : undefined;
}

/** The message for a key that is like no other. */
export const UNKNOWN_KEY = "unknown key";

/** A key that is not known, with the one that was probably meant. */
export function unknownKey(key: string, known: readonly string[], at: Path): Finding {
  const meant = knownElsewhere(key, known) ?? nearest(key, known), place = { at: [...at, key], on: "key" as const };
  if (meant !== undefined) return { ...place, message: `unknown key, did you mean "${meant}"?`, remedy: meant, meant };
  const remedy = known.length === 0
    ? "nothing in its place"
    : known.length === 1
    ? known[0]
    : `one of ${known.join(", ")}`;
  return { ...place, message: UNKNOWN_KEY, remedy };
}

/** The findings of the one shape that fits best; none when no shape is nearer than the others. */
function unionFindings(
  issue: z.core.$ZodIssueInvalidUnion,
  value: unknown,
  schemas: readonly Schema[],
  at: Path,
): Finding[] | undefined {
  const unions = schemas.map(unionOf).filter((union) => union !== undefined && union.length === issue.errors.length);
  const near = issue.errors
    .map((errors, i) => ({ errors, i, cost: errors.reduce((sum, error) => sum + cost(error, value), 0) }))
    .filter(({ errors }) => !errors.some((error) => isOfAnotherKind(error)))
    .sort((a, b) => a.cost - b.cost);
  if (near.length === 0 || near.length > 1 && near[0].cost === near[1].cost) return undefined;
  const option = unions[0]?.[near[0].i] ?? schemas[0];
  return option === undefined ? undefined : findingsFromZod(near[0].errors, value, option, at);
}

/** The options of a union as zod tried them, behind defaults and transforms. */
function unionOf(schema: Schema): readonly Schema[] | undefined {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === "union") return def.options;
  if (def.type === "pipe") return unionOf(def.in);
  return "innerType" in def ? unionOf(def.innerType) : undefined;
}

/** Whether the value as a whole is of another kind than the shape. */
function isOfAnotherKind(issue: ZodIssue): boolean {
  return issue.path.length === 0 && isMismatch(issue);
}

/** Whether what stands at the issue's place is of another kind than what was expected there. */
function isMismatch(issue: ZodIssue): boolean {
  if (issue.code === "invalid_union") return issue.errors.every((errors) => errors.some(isOfAnotherKind));
  return issue.code === "invalid_type" || issue.code === "invalid_value" ||
    issue.code === "custom" && (issue.params?.mismatch === true || isDefault(issue));
}

/** How far a shape is from what was written: unknown and missing keys say more than a wrong value. */
function cost(issue: ZodIssue, value: unknown): number {
  if (issue.code === "unrecognized_keys") return 3 * issue.keys.length;
  return valueAt(value, issue.path) === undefined ? 2 : 1;
}

function unionText(issue: z.core.$ZodIssueInvalidUnion, value: unknown, schemas: readonly Schema[]): string {
  return isDefault(issue) ? expectedText(words(schemas), value) : issue.message;
}

function words(schemas: readonly Schema[]): string {
  return schemas.length === 0
    ? "another value"
    : wordsFor(schemas.length === 1 ? schemas[0] : schemas.flatMap(shapesOf)[0]);
}

function shownText(value: unknown, schemas: readonly Schema[]): string {
  if (schemas.some(isUnseen)) return typeof value === "string" ? HIDDEN_TEXT : "not shown here";
  return typeof value === "string" && schemas.some(isForSecrets) ? HIDDEN_TEXT : seenText(value);
}

/** Whether the message is zod's own, and not one that the schema's author wrote. */
function isDefault(issue: ZodIssue): boolean {
  return /^Invalid (?:input|option)/.test(issue.message);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}
