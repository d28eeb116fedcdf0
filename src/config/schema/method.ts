/** Methods as settings. @module */

import type { z } from "zod";
import { KNOWN_METHODS, REFUSED_METHODS } from "../../http/known_methods.ts";
import { isToken } from "../../http/token.ts";
import { Refusal } from "../../settings/scalar.ts";
import { text } from "../../settings/text.ts";

/** A token with a capital letter in it. The others that a token may have, RFC 9110 §5.6.2. */
const PATTERN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]*[A-Z][!#$%&'*+.^_`|~0-9A-Za-z-]*$";

/** What editors offer. */
const USUAL = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** A method that a route is for. Whether the gateway accepts one that is not known is seen when its `methods` are. */
export function routeMethod(): z.ZodType<string, unknown> {
  const expected = 'a method such as "GET"';
  return text<string>({
    expected,
    json: { anyOf: [{ enum: USUAL }, { pattern: PATTERN }] },
    read(method) {
      const upper = method.toUpperCase();
      if (method !== upper && KNOWN_METHODS.includes(upper)) {
        return new Refusal("methods are written in upper case", `"${upper}"`);
      }
      return wrong(method) ?? method;
    },
  });
}

/** A method that is accepted beside the known ones. */
export function extraMethod(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'a method such as "PURGE"',
    json: { pattern: PATTERN },
    read(method) {
      const upper = method.toUpperCase();
      if (KNOWN_METHODS.includes(upper)) return new Refusal(`${upper} is accepted already`, "nothing: leave it out");
      return wrong(method) ?? method;
    },
  });
}

function wrong(method: string): Refusal | null {
  const upper = method.toUpperCase();
  if (REFUSED_METHODS.includes(upper)) return new Refusal(`${upper} ${WHY[upper]}`, "nothing: leave it out");
  if (!isToken(method)) return new Refusal("this is no method", 'letters, digits and dashes, such as "PURGE"');
  if (/[A-Z]/.test(method)) return null;
  return new Refusal("methods are case-sensitive, and this one is in lower case", `"${upper}"`);
}

const WHY: Readonly<Record<string, string>> = {
  CONNECT: "is never proxied: it opens a tunnel to anywhere",
  TRACE: "is never proxied: it sends back what the client may not see, such as cookies",
  PRI: "is no request: it begins a connection of HTTP/2",
};
