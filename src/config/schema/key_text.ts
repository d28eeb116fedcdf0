/** Keys and templates as settings. @module */

import type { z } from "zod";
import { isFact } from "../../core/key.ts";
import { parseTemplate } from "../../core/template.ts";
import { redirectError } from "../../policies/targets/redirect_error.ts";
import { keyRemedy, keyWhere } from "../../settings/key_text.ts";
import { Refusal } from "../../settings/scalar.ts";
import { text } from "../../settings/text.ts";

const OF_THE_REQUEST = 'what the request itself says: "header:…", "query:…", "cookie:…" or "ip"';

/** The key that tells tenants apart: routes are chosen before any policy has run, so it can be no fact. */
export function tenantKey(): z.ZodType<string, unknown> {
  return keyWhere((key) =>
    isFact(key) ? new Refusal(`${key} is not known yet when a route is chosen`, OF_THE_REQUEST) : null
  );
}

/** The key that an upstream's hash goes by: routes with other policies, and other paths, share the upstream. */
export function hashKey(): z.ZodType<string, unknown> {
  return keyWhere((key) =>
    isFact(key)
      ? new Refusal(`${key} is not known on every route that uses an upstream`, OF_THE_REQUEST)
      : key === "global"
      ? new Refusal("every request would go to one endpoint", OF_THE_REQUEST)
      : null
  );
}

/** The key by which a split is sticky. Whether facts are known is seen when the route's chain is. */
export function splitKey(): z.ZodType<string, unknown> {
  return keyWhere((key) =>
    key === "global" || key === "route"
      ? new Refusal("every request would take one branch", '"header:…", "cookie:…", "jwt:sub" or "ip"')
      : null
  );
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
