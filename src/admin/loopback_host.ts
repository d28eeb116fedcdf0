/** The admin interface's guard against other people's web pages. @module */

import type { MiddlewareHandler } from "hono";
import { problemAnswer } from "./answers.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Answers only who asks for loopback by a name of its own. A page whose host name was made to lead to 127.0.0.1 (DNS
 * rebinding) reaches the listener, but names itself in `Host`.
 */
export const loopbackHost: MiddlewareHandler = async (c, next) => {
  // HTTP/2 has no Host field: the authority is in the URL.
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  if (LOOPBACK.test(host)) return await next();
  return problemAnswer(421, "misdirected_request", "Without a token the admin interface answers as localhost only.");
};
