/** The admin interface's lock. @module */

import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { problemAnswer } from "./answers.ts";

/** Whether the value of `Authorization` has the token. */
export type TokenCheck = (authorization: string | undefined) => boolean;

/** Knows `Bearer <token>` (RFC 6750 §2.1); the comparison takes the same time for every guess. */
export function tokenCheck(token: string): TokenCheck {
  const expected = digest(token);
  return (authorization = "") => {
    const [, given] = /^bearer +(\S+) *$/i.exec(authorization) ?? [];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

/** Lets through who sends the token. */
export function bearerToken(check: TokenCheck): MiddlewareHandler {
  return async (c, next) => {
    if (check(c.req.header("authorization"))) return await next();
    return problemAnswer(401, "unauthorized", "Send the admin token: authorization: Bearer <token>.", {
      "www-authenticate": 'Bearer realm="admin"',
    });
  };
}

/** Of one length whatever the token's, as the comparison needs it. */
function digest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
