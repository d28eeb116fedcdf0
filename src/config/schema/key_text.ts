/** Keys and templates as settings. @module */

import type { z } from "zod";
import { isFact, KEY_FORMS, parseKey } from "../../core/key.ts";
import { parseTemplate } from "../../core/template.ts";
import { redirectError } from "../../policies/targets/redirect_error.ts";
import { nearest } from "../suggest.ts";
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

/** The key that tells tenants apart: routes are chosen before any policy has run, so it can be no fact. */
export function tenantKey(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'a key such as "header:x-user-id"',
    read(key) {
      if (parseKey(key) === undefined) return new Refusal(`"${key}" is not a key`, keyRemedy(key));
      if (!isFact(key)) return key;
      return new Refusal(
        `${key} is not known yet when a route is chosen`,
        'what the request itself says: "header:…", "query:…", "cookie:…" or "ip"',
      );
    },
  });
}

/** Where a redirect goes. */
export function locationTemplate(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'a path or a URL such as "/new/{param:id}"',
    read(to) {
      const template = parseTemplate(to);
      if ("error" in template) {
        const key = /^\{([^}]*)\}/.exec(to.slice(template.at))?.[1];
        const isName = key !== undefined && /^[A-Za-z_]\w*$/.test(key);
        return new Refusal(
          template.error,
          isName ? `"{param:${key}}"` : key === undefined ? "{{ for a brace" : keyRemedy(key),
        );
      }
      const error = redirectError(to);
      return error === null ? to : new Refusal(error.message, error.remedy);
    },
  });
}
