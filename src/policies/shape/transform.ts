/**
 * The `transform` policy: other JSON in place of the JSON of a request or an answer.
 *
 * @module
 */

import type { Middleware } from "../../core/handler.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import { formatSize, type Size } from "../../core/units.ts";
import type { Context, ContextReply } from "../context.ts";
import { type BodyTemplate, type FactsInTemplate, prepareTemplate } from "./transform/body_template.ts";
import { requestTransform } from "./transform/request_transform.ts";
import { responseTransform } from "./transform/response_transform.ts";
import type { StatusText } from "./transform/status_filter.ts";
import { type BodyOption, type SidePlan, type TransformPlan, transformSchema } from "./transform_schema.ts";

/**
 * Makes a new body of the old one; it may wait. Say what the old one is where something before has made sure of it
 * (`validate`): `(order: Order) => …`. The compiler takes your word for it.
 */
export type RequestBodyFunction = { map(value: unknown, ctx: Context): unknown }["map"];

/** {@link RequestBodyFunction} for answers, whose status and fields are there too. */
export type ResponseBodyFunction = {
  map(value: unknown, ctx: Context, reply: Pick<ContextReply, "status" | "header">): unknown;
}["map"];

/** What is done to the bodies of one side. */
export interface TransformSide<B> {
  /**
   * The new body: a function of the old one, or a template, which is JSON whose texts hold keys and places of the old body:
   * `{ id: "{body:/user/id}", by: "{jwt:sub}" }`. A text that is nothing but `"{body:/…}"` is the value of that place,
   * whatever it is. What is absent leaves its member out.
   */
  readonly body: B;
  /**
   * Longest body that is read: it is held in memory, as text and as a value, which is some ten times as much. A longer
   * request is answered with 413, a longer answer becomes a 502.
   *
   * @default "1MiB"
   */
  readonly maxBody?: Size;
  /**
   * What becomes of a body that is not JSON in UTF-8, or that has a `content-encoding`: it passes as it is, or is refused,
   * a request with 415, an answer with 502.
   *
   * @default "pass"
   */
  readonly otherTypes?: "pass" | "refuse";
}

/** What is done to the bodies of answers. */
export interface TransformResponse<B> extends TransformSide<B> {
  /**
   * Which answers: statuses, or classes of them. Answers without content, empty ones and those to HEAD stay without.
   *
   * @default ["2xx"]
   */
  readonly statuses?: readonly StatusText[];
}

/** Options of {@link transform}. */
export interface TransformOptions<Q extends BodyTemplate = BodyTemplate, S extends BodyTemplate = BodyTemplate> {
  /** Requests, before they go on. What has no body, or an empty one, passes. One that is no JSON is answered with 400. */
  readonly request?: TransformSide<Q | RequestBodyFunction>;
  /**
   * Answers, before they go to the client. Upstreams are asked for whole answers that are not encoded: `Range` is removed,
   * `Accept-Encoding` is `identity`. An answer that should be JSON and cannot be read becomes a 502.
   */
  readonly response?: TransformResponse<S | ResponseBodyFunction>;
}

/**
 * Maps JSON. Bodies are read whole before they go on, so it does not suit streams. Lengths are corrected, digests and
 * `Accept-Ranges` removed, and a strong `ETag` becomes weak.
 *
 * JSON is refused here that readers may read in several ways: with a name twice in one object, nested deeper than 64
 * levels, or with the name `__proto__`. Numbers become JavaScript's: of integers beyond 2^53 the last digits are lost, and
 * what is too large for any is `null`. Trailers do not go on.
 *
 * @example
 * ```ts
 * import { transform } from "gatewright";
 *
 * const policy = transform({
 *   request: { body: { order: "{body:}", from: "{ip}" } },
 *   response: { body: (order: { id: string; secret?: string }) => ({ id: order.id }), otherTypes: "refuse" },
 * });
 * console.log(policy.kind); // transform
 * ```
 */
export function transform<const Q extends BodyTemplate = never, const S extends BodyTemplate = never>(
  options: TransformOptions<Q, S>,
): Policy<"transform", FactsInTemplate<Q> | FactsInTemplate<S>, never> {
  return recordPolicy(transformDefinition, options);
}

/** The `transform` policy's options, its facts and what it is built into. */
export const transformDefinition: PolicyDefinition<TransformPlan> = {
  kind: "transform",
  schema: transformSchema,
  facts: ({ request, response }) => ({ needs: [...new Set([...needsOf(request), ...needsOf(response)])] }),
  traits: () => ({ guard: false }),
  describe({ request, response }) {
    const sides = [...describeSide("requests", request), ...describeSide("answers", response)];
    return `transform: ${sides.join(", ")}`;
  },
  build({ request, response }, env, id) {
    const pass: Middleware = (next) => next;
    const onRequest = request === undefined ? pass : requestTransform(request, env, id);
    const onResponse = response === undefined ? pass : responseTransform(response, env, id);
    // Answers that refuse a request here are this policy's own, and are not mapped.
    return (next) => onRequest(onResponse(next));
  },
};

function needsOf(side: SidePlan | undefined): readonly string[] {
  if (side === undefined || typeof side.body === "function") return [];
  const template = prepareTemplate(side.body.template);
  return "length" in template ? [] : template.needs;
}

function describeSide(what: string, side: SidePlan | undefined): string[] {
  return side === undefined ? [] : [`${what} up to ${formatSize(side.maxBody)} by ${describeBody(side.body)}`];
}

function describeBody(body: BodyOption): string {
  return typeof body === "function" ? "a function" : "a template";
}
