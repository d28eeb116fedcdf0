/** The refusals that more than one engine has. @module */

import type { Refusal } from "./refusal.ts";

export const MALFORMED_HEAD: Refusal = {
  status: 400,
  code: "malformed_head",
  detail: "The head of the request is not valid.",
};
export const HEAD_TOO_LARGE: Refusal = {
  status: 431,
  code: "header_fields_too_large",
  detail: "The head of the request is too large.",
};
export const HEAD_TOO_SLOW: Refusal = {
  status: 408,
  code: "request_timeout",
  detail: "The head of the request did not come in time.",
};
export const BODY_TOO_LARGE: Refusal = {
  status: 413,
  code: "body_too_large",
  detail: "The request's body is too large.",
};
/** For what is under way when the gateway gives it up. */
export const SHUTTING_DOWN: Refusal = { status: 503, code: "shutting_down", detail: "The gateway stops." };
