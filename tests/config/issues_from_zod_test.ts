import { strict as assert } from "node:assert";
import { z } from "zod";
import { findingsFromZod } from "../../src/config/issues_from_zod.ts";
import { isSecret } from "../../src/core/secret.ts";
import { secretOption } from "../../src/settings/secret_option.ts";

/** Schemas as anyone may write them in a policy, and what is said of a wrong value. */
const CASES: readonly (readonly [what: string, schema: z.ZodType, value: unknown, findings: readonly object[]])[] = [
  ["a wrong type", z.object({ a: z.number() }), { a: "x" }, [{
    at: ["p", "a"],
    message: "expected a number",
    seen: '"x"',
  }]],
  ["a missing key", z.object({ a: z.number() }), {}, [{
    at: ["p", "a"],
    message: "this is missing: expected a number",
  }]],
  ["no settings at all", z.strictObject({ a: z.number() }), "x", [{
    at: ["p"],
    message: "expected { a }",
    seen: '"x"',
  }]],
  ["one value for a list", z.object({ a: z.array(z.string()) }), { a: "x" }, [
    { at: ["p", "a"], message: "expected a list", seen: '"x"', remedy: '["x"]' },
  ]],
  ["a misspelt word", z.object({ a: z.enum(["local", "allow"]).optional() }), { a: "alow" }, [
    { at: ["p", "a"], message: 'expected "local" or "allow"', seen: '"alow"', remedy: '"allow"' },
  ]],
  ["a message of the author's", z.object({ a: z.number({ error: "a limit is needed" }) }), {}, [
    { at: ["p", "a"], message: "a limit is needed" },
  ]],
  [
    "a remedy of the author's",
    z.string().superRefine((_, context) =>
      context.addIssue({ code: "custom", message: "no", params: { remedy: "yes" } })
    ),
    "x",
    [
      { at: ["p"], message: "no", seen: '"x"', remedy: "yes" },
    ],
  ],
  [
    "an unknown key behind defaults and transforms",
    z.strictObject({ limit: z.number().optional() }).default({}).transform((x) => x),
    { limt: 1 },
    [
      { at: ["p", "limt"], on: "key", message: 'unknown key, did you mean "limit"?', remedy: "limit", meant: "limit" },
    ],
  ],
  [
    "an unknown key deep inside",
    z.object({ list: z.array(z.record(z.string(), z.strictObject({ limit: z.number().optional() }))) }),
    { list: [{ x: { colour: 1 } }] },
    [
      { at: ["p", "list", 0, "x", "colour"], on: "key", message: "unknown key", remedy: "limit" },
    ],
  ],
  ["no keys to choose from", z.strictObject({}), { a: 1 }, [
    { at: ["p", "a"], on: "key", message: "unknown key", remedy: "nothing in its place" },
  ]],
  [
    "a wrong key of a record",
    z.record(z.string().regex(/^[a-z]+$/, { error: "letters only" }), z.number()),
    { A1: 1 },
    [
      { at: ["p", "A1"], on: "key", message: "letters only" },
    ],
  ],
  ["a union whose one shape fits best", z.union([z.string(), z.strictObject({ by: z.string(), is: z.number() })]), {
    by: "x",
    is: "y",
  }, [
    { at: ["p", "is"], message: "expected a number", seen: '"y"' },
  ]],
  [
    "a union of settings, by the keys that are there",
    z.union([z.strictObject({ ttl: z.string() }), z.strictObject({ limit: z.number(), per: z.string() })]),
    { limit: 5, pre: "1s" },
    [
      { at: ["p", "pre"], on: "key", message: 'unknown key, did you mean "per"?', remedy: "per", meant: "per" },
    ],
  ],
  ["a union of nothing like it", z.union([z.string(), z.array(z.number())]), 5, [
    { at: ["p"], message: "expected a text or a list", seen: "5", remedy: '"5"' },
  ]],
  ["a text in a secret's place, without showing it", z.object({ key: secretOption }), { key: "hunter2" }, [
    {
      at: ["p", "key"],
      message: "expected a secret",
      seen: "a text, not shown here",
      remedy: 'secret.env("NAME") or secret.file("path"); in YAML { env: NAME } or { file: path }',
    },
  ]],
  ["the same for a secret that is checked by a function", z.object({ key: z.custom(isSecret) }), { key: "hunter2" }, [
    {
      at: ["p", "key"],
      message: "expected a secret",
      seen: "a text, not shown here",
      remedy: 'secret.env("NAME") or secret.file("path"); in YAML { env: NAME } or { file: path }',
    },
  ]],
  ["a bound", z.object({ a: z.number().max(5, { error: "at most 5" }) }), { a: 9 }, [{
    at: ["p", "a"],
    message: "at most 5",
    seen: "9",
  }]],
];
for (const [what, schema, value, findings] of CASES) {
  Deno.test(`findingsFromZod() says ${what}`, () => {
    const { error } = schema.safeParse(value);
    assert.ok(error !== undefined);
    assert.deepEqual(findingsFromZod(error.issues, value, schema, ["p"]), findings);
  });
}
