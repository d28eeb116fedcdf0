/** Keys as settings. @module */

import type { z } from "zod";
import { isInBody, KEY_FORMS, parseKey } from "../core/key.ts";
import { nearest } from "./nearest.ts";
import { Refusal } from "./scalar.ts";
import { text } from "./text.ts";

/** What can be written in place of a text that is no key. */
export function keyRemedy(key: string): string {
  const colon = key.indexOf(":"), kind = colon < 0 ? key : key.slice(0, colon);
  const forms = KEY_FORMS.map((form) => form.replace("…", ""));
  // Two letters are near to any other two.
  const whole = key.length < 4 ? undefined : nearest(key, forms.filter((form) => !form.endsWith(":")));
  if (colon < 0) return whole === undefined ? `one of ${KEY_FORMS.join(", ")}` : `"${whole}"`;
  const near = nearest(kind, forms.filter((form) => form.endsWith(":")).map((form) => form.slice(0, -1)));
  if (near !== undefined && parseKey(`${near}${key.slice(colon)}`) !== undefined) return `"${near}${key.slice(colon)}"`;
  return whole === undefined ? `one of ${KEY_FORMS.join(", ")}` : `"${whole}"`;
}

/** A key that is known with the request's head, of which `wrong` says why it cannot be one of these. */
export function keyWhere(wrong: (key: string) => Refusal | null): z.ZodType<string, unknown> {
  return anyKeyWhere((key) =>
    isInBody(key)
      ? new Refusal(`${key} is in the request's body, which nothing here waits for`, '"header:…", "query:…" or "ip"')
      : wrong(key)
  );
}

/** A key, be it in the request's body. */
export function anyKeyWhere(wrong: (key: string) => Refusal | null): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'a key such as "header:x-user-id"',
    read: (key) =>
      parseKey(key) === undefined ? new Refusal(`"${key}" is not a key`, keyRemedy(key)) : wrong(key) ?? key,
  });
}
