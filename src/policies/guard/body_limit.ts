/** The `bodyLimit` policy: how long the body of a request may be. @module */

import { isBodySource } from "../../core/body.ts";
import type { Exchange } from "../../core/exchange.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import { formatSize, type Size } from "../../core/units.ts";
import { type BodyLimitPlan, bodyLimitSchema } from "./body_limit_schema.ts";
import { BoundedBody } from "./bounded_body.ts";
import { denied } from "./denied.ts";

/** Options of {@link bodyLimit}. */
export interface BodyLimitOptions {
  /**
   * Longest body, framing not counted; `0` refuses every body. The listener's own limit (`limits.body`) comes first: a
   * larger number here changes nothing.
   */
  readonly max: Size;
}

/**
 * Refuses bodies that are too long, with 413 and `body_too_large`: at once where the length is announced, else as soon as
 * one byte too many has come, for which nothing is buffered. By then the upstream may have had what came before; its
 * request is broken off.
 *
 * @example
 * ```ts
 * import { bodyLimit } from "gatewright";
 *
 * const policy = bodyLimit({ max: "1MiB" });
 * console.log(policy.kind); // bodyLimit
 * ```
 */
export function bodyLimit(options: BodyLimitOptions): Policy<"bodyLimit", never, never> {
  return recordPolicy(bodyLimitDefinition, options);
}

/** The `bodyLimit` policy's options and what it is built into. */
export const bodyLimitDefinition: PolicyDefinition<BodyLimitPlan> = {
  kind: "bodyLimit",
  schema: bodyLimitSchema,
  describe: ({ max }) => `bodyLimit: ${formatSize(max)}`,
  build: ({ max }) => (next) => (exchange) => {
    const { body } = exchange;
    if (body === null) return next(exchange);
    const { length } = body;
    if (length !== undefined && length > max) return refuse(exchange);
    // Of a body whose length is known no more comes: whoever frames it sees to that.
    if (length === undefined && isBodySource(body)) exchange.body = new BoundedBody(body, max);
    return next(exchange);
  },
};

function refuse(exchange: Exchange): Reply {
  return denied(exchange, {
    status: 413,
    code: "body_too_large",
    detail: "The request's body is too large.",
    reason: "the body is longer than bodyLimit allows",
  });
}
