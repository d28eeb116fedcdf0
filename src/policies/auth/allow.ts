/**
 * The `allow` policy: of those who are known, some may pass.
 *
 * @module
 */

import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import type { Identity } from "../../core/identity.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import type { Context } from "../context.ts";
import { contextOf } from "../exchange_context.ts";
import { inTrace } from "../in_trace.ts";
import { claimReader, outermostClaim } from "./allow/claim.ts";
import { haveCommon } from "./allow/comparison.ts";
import { type Expression, parseExpression } from "./allow/expression.ts";
import { type AllowPlan, allowSchema, type ClaimValue, type WhenFunction } from "./allow_schema.ts";
import { AuthRefusal } from "./auth_refusal.ts";

/** Options of {@link allow}: conditions, all of which must hold. */
export interface AllowOptions<C extends string = string> {
  /** Groups, one of which the identity must be in. */
  readonly groups?: string | readonly string[];
  /** Scopes, all of which the credential must have. */
  readonly scopes?: string | readonly string[];
  /** Names of consumers, one of which the credential must belong to. */
  readonly consumers?: string | readonly string[];
  /**
   * Values by claim, one of which each claim must have; of a claim that is a list, one of its values. Texts, numbers and
   * flags are equal only to their like. A name is the claim's whole name, be there dots and colons in it; one that begins
   * with `/` is a JSON Pointer (RFC 6901): `"/realm_access/roles"`.
   */
  readonly claims?: { readonly [K in C]: ClaimValue | readonly ClaimValue[] };
  /**
   * Anything else: an expression, or a function, of which only `true` lets pass. What a function throws is a 500.
   *
   * In an expression stand `groups`, `scopes`, `subject`, `method` and the keys of limits (`consumer`, `jwt:tier`,
   * `jwt:/org/id`, `param:id`, `header:x-plan`); texts in quotes, numbers, `true`, `false` and lists `['a', 'b']`;
   * `==`, `!=`, `in`, `not in`, `and`, `or`, `not` and parentheses. `in` asks whether both sides have a value in common;
   * nothing is equal to what is not there; a key alone asks whether it is there, and not `false`.
   */
  readonly when?: string | WhenFunction;
}

/** The claims that must be provided for these names. */
type ClaimFact<C extends string> = C extends `/${infer First}/${string}` ? `jwt:${First}`
  : C extends `/${infer First}` ? `jwt:${First}`
  : `jwt:${C}`;

/**
 * Lets those pass for whom every condition holds. Others get a 403 that does not say why; the log does.
 *
 * @example
 * ```ts
 * import { allow } from "gatewright";
 *
 * const staff = allow({ groups: ["staff", "admin"], scopes: "orders:write" });
 * const paying = allow("jwt:tier in ['pro', 'team'] or consumer == 'partner'");
 * const owner = allow((ctx) => ctx.identity?.subject === ctx.params.user);
 * console.log([staff, paying, owner].map(({ kind }) => kind).join()); // allow,allow,allow
 * ```
 */
export function allow<const C extends string = never>(
  options: AllowOptions<C> | string | ((ctx: Context) => MaybePromise<boolean>),
): Policy<"allow", "identity" | ClaimFact<NoInfer<C>>, never> {
  return recordPolicy(allowDefinition, options);
}

/** The `allow` policy's options, its facts and what it is built into. */
export const allowDefinition: PolicyDefinition<AllowPlan> = {
  kind: "allow",
  schema: allowSchema,
  facts: ({ claims = {}, when }) => ({
    needs: [
      ...new Set([
        "identity",
        ...Object.keys(claims).map((name) => `jwt:${outermostClaim(name)}`),
        ...(typeof when === "string" ? expressionOf(when).facts : []),
      ]),
    ],
  }),
  traits: () => ({ everyRequest: true }),
  describe({ groups, scopes, consumers, claims = {}, when }) {
    const parts = [
      ...(groups === undefined ? [] : [`groups ${groups.join("|")}`]),
      ...(scopes === undefined ? [] : [`scopes ${scopes.join(" ")}`]),
      ...(consumers === undefined ? [] : [`consumers ${consumers.join("|")}`]),
      ...Object.entries(claims).map(([name, values]) => `${name} ${values.join("|")}`),
      ...(when === undefined ? [] : [typeof when === "string" ? when : "a function"]),
    ];
    return `allow: ${parts.join(", ")}`;
  },
  build(plan, env) {
    const conditions = conditionsOf(plan), { when } = plan, ask = typeof when === "function" ? when : null;
    return (next) => (exchange) => {
      const { identity } = exchange;
      if (identity === undefined) return UNKNOWN.reply(exchange);
      for (let i = 0; i < conditions.length; i++) {
        if (!conditions[i].holds(identity, exchange)) return conditions[i].refusal.reply(exchange);
      }
      if (ask === null) return next(exchange);
      const answer = inTrace(exchange, () => ask(identity, contextOf(exchange, env.log)));
      if (answer instanceof Promise) return answer.then((answer) => settle(exchange, answer, next));
      return settle(exchange, answer, next);
    };
  },
};

/** One thing that is asked, with what is said where it does not hold. */
interface Condition {
  holds(identity: Identity, exchange: Exchange): boolean;
  readonly refusal: AuthRefusal;
}

const UNKNOWN = forbidden("nothing has said who is asking");
const FUNCTION = forbidden("the function of allow did not return true");

function conditionsOf({ groups, scopes, consumers, claims = {}, when }: AllowPlan): Condition[] {
  const conditions: Condition[] = Object.entries(claims).map(([name, values]) => {
    const read = claimReader(name), holds = ({ claims }: Identity) => haveCommon(read(claims), values);
    return { holds, refusal: forbidden(`the claim ${name} is none of ${values.join(", ")}`) };
  });
  if (groups !== undefined) {
    const holds = (identity: Identity) => haveCommon(identity.groups, groups);
    conditions.push({ holds, refusal: forbidden(`in none of the groups ${groups.join(", ")}`) });
  }
  for (const scope of scopes ?? []) {
    const holds = (identity: Identity) => identity.scopes?.includes(scope) === true;
    conditions.push({ holds, refusal: forbidden(`without the scope ${scope}`) });
  }
  if (consumers !== undefined) {
    const holds = ({ consumer }: Identity) => consumer !== undefined && consumers.includes(consumer);
    conditions.push({ holds, refusal: forbidden(`the consumer is none of ${consumers.join(", ")}`) });
  }
  if (typeof when === "string") {
    const { test } = expressionOf(when);
    conditions.push({ holds: (_, exchange) => test(exchange), refusal: forbidden(`this is not so: ${when}`) });
  }
  return conditions;
}

/** Only `true` lets pass: a promise that was not waited for, say, is no yes. */
function settle(exchange: Exchange, answer: unknown, next: Handler): MaybePromise<Reply> {
  return answer === true ? next(exchange) : FUNCTION.reply(exchange);
}

function forbidden(reason: string): AuthRefusal {
  return new AuthRefusal("forbidden", { reason });
}

/** @throws TypeError for a text that the schema has not seen */
function expressionOf(text: string): Expression {
  const parsed = parseExpression(text);
  if ("error" in parsed) throw new TypeError(`"${text}" is not an expression: ${parsed.error}`);
  return parsed;
}
