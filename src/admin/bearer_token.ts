/** The admin interface's lock. @module */

import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { problemAnswer } from "./answers.ts";

/** Lets through who sends `Authorization: Bearer <token>` (RFC 6750 §2.1); the comparison takes the same time for every guess. */
export function bearerToken(token: string): MiddlewareHandler {
  const expected = digest(token);
  return async (c, next) => {
    const [, given] = /^bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "") ?? [];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return await next();
    return problemAnswer(401, "unauthorized", "Send the admin token: authorization: Bearer <token>.", {
      "www-authenticate": 'Bearer realm="admin"',
    });
  };
}

/** Of one length whatever the token's, as the comparison needs it. */
function digest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
