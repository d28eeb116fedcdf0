/** The `guard` policy: a function decides who passes. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { MaybePromise } from "../../core/handler.ts";
import type { Fact } from "../../core/key.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import type { Context } from "../context.ts";
import type { PolicyContext } from "../define_policy.ts";
import { describeResult } from "../describe_result.ts";
import { contextOf } from "../exchange_context.ts";
import { inTrace } from "../in_trace.ts";
import { responseReply } from "../web/response_reply.ts";
import { denied } from "./denied.ts";
import { type GuardPlan, guardSchema } from "./guard_schema.ts";

/** The problem's code, and the exchange's. */
const REFUSED = "request_refused";
const DETAIL = "This request is not allowed here.";

/** Why a request does not pass. */
export interface GuardRefusal {
  /** From 400 to 599. @default 403 */
  readonly status?: number;
  /** One sentence for the client. @default "This request is not allowed here." */
  readonly detail?: string;
  /** For the log, and for nobody else. Do not put credentials in it. @default the guard's name */
  readonly reason?: string;
}

/** What `check` may say: `true`, and the request goes on; `false`, why not, or what to answer in its place. */
export type GuardVerdict = boolean | GuardRefusal | Response;

/** Options of {@link guard}. */
export interface GuardOptions<N extends Fact = never> {
  /**
   * What logs and `routes` call it, in letters, digits, dots and dashes.
   *
   * @default "guard"
   */
  readonly name?: string;
  /** Facts that must be known before it: `["jwt:sub", "param:id"]`. A chain that does not provide them is an error. @default none */
  readonly needs?: readonly N[];
  /**
   * Decides. Whatever is not `true` keeps the request out: what it throws, or a result that is no verdict, becomes a 500 and
   * is logged.
   */
  readonly check: (ctx: PolicyContext<N>) => MaybePromise<GuardVerdict>;
}

/**
 * Asks a function whether a request may pass: by country, by hour, by what a service of yours knows. A refusal is a 403
 * with `request_refused`. For TypeScript only, as no file can hold a function.
 *
 * @example
 * ```ts
 * import { guard } from "gatewright";
 *
 * const embargoed = new Set(["XX", "YY"]);
 * const policy = guard({
 *   name: "country",
 *   check(ctx) {
 *     const country = ctx.header("cf-ipcountry");
 *     if (country === null) return { reason: "no country" };
 *     return embargoed.has(country) ? { status: 451, reason: `from ${country}` } : true;
 *   },
 * });
 * console.log(policy.kind); // guard
 * ```
 */
export function guard<const N extends Fact = never>(options: GuardOptions<N>): Policy<"guard", NoInfer<N>, never> {
  return recordPolicy(guardDefinition, options);
}

/** The `guard` policy's options, its facts and what it is built into. */
export const guardDefinition: PolicyDefinition<GuardPlan> = {
  kind: "guard",
  schema: guardSchema,
  facts: ({ needs }) => ({ needs }),
  describe: ({ name }) => name === undefined ? "guard" : `guard: ${name}`,
  build({ name = "guard", check }, env, id) {
    const who = `policy "${id}"`;
    return (next) => {
      const settle = (exchange: Exchange, verdict: unknown): MaybePromise<Reply> =>
        verdict === true ? next(exchange) : refuse(exchange, verdict, name, who);
      return (exchange) => {
        const context = contextOf(exchange, env.log);
        context.passed = false;
        const verdict = inTrace(exchange, () => check(context as Context));
        return verdict instanceof Promise
          ? verdict.then((verdict) => settle(exchange, verdict))
          : settle(exchange, verdict);
      };
    };
  },
};

function refuse(exchange: Exchange, verdict: unknown, name: string, who: string): MaybePromise<Reply> {
  if (verdict instanceof Response) {
    exchange.error = REFUSED;
    exchange.reason = name;
    return responseReply(verdict, who);
  }
  const { status = 403, detail = DETAIL, reason } = refusalOf(verdict, who);
  return denied(exchange, {
    status,
    code: REFUSED,
    detail,
    reason: reason === undefined ? name : `${name}: ${reason}`,
  });
}

/** @throws TypeError for what is no verdict: it must not be taken for a yes, and its author should hear of it */
function refusalOf(verdict: unknown, who: string): GuardRefusal {
  if (verdict === false) return {};
  if (!isSettings(verdict)) {
    throw new TypeError(
      `check of ${who} returned ${describeResult(verdict)}: return true, false, a reason or a Response`,
    );
  }
  const { status, detail, reason } = verdict;
  if (status !== undefined && !(Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599)) {
    throw new TypeError(`check of ${who} returned the status ${String(status)}: one from 400 to 599 refuses`);
  }
  for (const text of [detail, reason]) {
    if (text === undefined || typeof text === "string") continue;
    throw new TypeError(`check of ${who} returned ${describeResult(text)} for a detail or a reason: both are texts`);
  }
  return verdict as GuardRefusal;
}

function isSettings(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
