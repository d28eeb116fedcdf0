/** Which origins are meant: exact ones, sub-domains, expressions, a function. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Log } from "../../core/log.ts";
import { thrownStack } from "../../core/thrown.ts";
import type { Context } from "../context.ts";
import { contextOf } from "../exchange_context.ts";

/**
 * An origin as browsers write it (`"https://app.example.com"`, a port only where it is not the scheme's own), all
 * sub-domains of a host (`"https://*.example.com"`: at any depth, not the host itself), a regular expression that matches
 * the whole origin, or `"null"`, which sandboxed frames and files have, and which anybody can bring about.
 */
export type OriginRule = `${string}://${string}` | "null" | RegExp | { readonly regex: string };

/** Decides by itself, at once. Nothing but `true` is a yes; what it throws, and a promise, is a no and is logged. */
export type OriginFunction = (origin: string, ctx: Context) => boolean;

/** A rule as schemas make it. */
export type OriginPlan =
  | { readonly kind: "any" }
  | { readonly kind: "exact"; readonly origin: string }
  /** `tail` is the host that names must be under, with its dot and a port: `.example.com:8443`. */
  | { readonly kind: "below"; readonly scheme: string; readonly tail: string }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string };

/** All rules of an option, or the function in their place. */
export type OriginsPlan = readonly OriginPlan[] | OriginFunction;

/** Whether an origin is meant. */
export type OriginTest = (origin: string, exchange: Exchange) => boolean;

/** Scheme, the longest host name, a port, and some to spare: longer ones are nobody's, and no work for an expression. */
const LONGEST = 300;
/** What stands for `*`: the labels of a host name as browsers write it. */
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/**
 * An origin as browsers write it, and not `null`, which an expression such as `.*` does not mean. Two of them in one field,
 * paths and user names come from no browser.
 */
const SERIALISED = /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/;

/** Whether every origin is meant. */
export function isAnyOrigin(plan: OriginsPlan): boolean {
  return typeof plan !== "function" && plan.some(({ kind }) => kind === "any");
}

/**
 * Prepares the question. Origins are compared as they are: browsers write each in one way only (RFC 6454 §6.1).
 *
 * @param id the policy's node, for messages
 */
export function originTest(plan: OriginsPlan, log: Log, id: string): OriginTest {
  if (typeof plan === "function") return functionTest(plan, log, id);
  if (isAnyOrigin(plan)) return () => true;
  const exact = new Set(plan.flatMap((rule) => rule.kind === "exact" ? [rule.origin] : []));
  const tests = plan.flatMap((rule) =>
    rule.kind === "below" ? [belowTest(rule)] : rule.kind === "regex" ? [regexTest(rule)] : []
  );
  return (origin) =>
    exact.has(origin) || (tests.length > 0 && origin.length <= LONGEST && tests.some((test) => test(origin)));
}

/** The expression, around which nothing else may stand. @throws SyntaxError where it is none */
export function wholeOrigin({ source, flags }: { readonly source: string; readonly flags: string }): RegExp {
  // Alone first: "a)|(b" is no expression, though in the group it would be one that is not anchored.
  new RegExp(source, flags);
  return new RegExp(`^(?:${source})$`, flags);
}

/** As it was written. */
export function originText(rule: OriginPlan): string {
  switch (rule.kind) {
    case "any":
      return "*";
    case "exact":
      return rule.origin;
    case "below":
      return `${rule.scheme}://*${rule.tail}`;
    case "regex":
      return `/${rule.source}/${rule.flags}`;
  }
}

function belowTest({ scheme, tail }: Extract<OriginPlan, { kind: "below" }>): (origin: string) => boolean {
  const head = `${scheme}://`;
  return (origin) =>
    origin.startsWith(head) && origin.endsWith(tail) &&
    LABELS.test(origin.slice(head.length, -tail.length));
}

function regexTest(rule: Extract<OriginPlan, { kind: "regex" }>): (origin: string) => boolean {
  const regex = wholeOrigin(rule);
  return (origin) => SERIALISED.test(origin) && regex.test(origin);
}

function functionTest(allows: OriginFunction, log: Log, id: string): OriginTest {
  const failed = ({ requestId }: Exchange, error: string) =>
    log.error("the function that knows allowed origins failed", { policy: id, requestId, error });
  return (origin, exchange) => {
    try {
      const verdict: unknown = allows(origin, contextOf(exchange, log));
      if (verdict instanceof Promise) {
        // Nobody waits for it, and a rejection that nobody takes ends the process.
        verdict.catch(() => {});
        failed(exchange, "it returned a promise: it has to answer at once, with true or false");
      }
      return verdict === true;
    } catch (error) {
      failed(exchange, thrownStack(error));
      return false;
    }
  };
}
