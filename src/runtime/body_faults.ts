/** What logs say of a body that broke off after its head was out. @module */

import { BodyError, type BodyFault } from "../core/body.ts";

const CODES: { readonly [fault in BodyFault]: string } = {
  client: "client_closed_request",
  endpoint: "upstream_body_broken",
  "client-timeout": "request_body_timeout",
  "endpoint-timeout": "upstream_body_timeout",
  "too-large": "body_too_large",
};

/** The code of an answer's body that broke off because of `cause`. */
export function bodyFaultCode(cause: unknown): string {
  return cause instanceof BodyError ? CODES[cause.fault] : "body_failed";
}

/** What logs say when nobody was left to answer: nginx's status. */
export const CLIENT_CLOSED = 499;
