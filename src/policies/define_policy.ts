/** Policies that users write. @module */

import { z } from "zod";
import type { MaybePromise } from "../core/handler.ts";
import { type Fact, isFact, parseKey } from "../core/key.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../core/policy.ts";
import type { Reply } from "../core/reply.ts";
import type { Context, ContextReply } from "./context.ts";
import { customMiddleware } from "./custom_middleware.ts";

type ParamOf<N extends Fact> = N extends `param:${infer P}` ? P : never;
type ClaimOf<N extends Fact> = N extends `jwt:${infer C}` ? C : never;

/** The {@link Context} of a policy with these needs: the parameters and claims that it named are there. */
export type PolicyContext<N extends Fact> = Context<
  [ParamOf<N>] extends [never] ? string : ParamOf<N>,
  { readonly [C in ClaimOf<N>]: unknown } & Readonly<Record<string, unknown>>
>;

/** What a policy's `handle` may return. */
export type PolicyResult = ContextReply | Reply | Response;

/** A policy of one's own. */
export interface PolicyInit<Name extends string, N extends Fact, G extends Fact> {
  /** The policy's kind in ids, logs and YAML: a letter in lower case, then letters and digits. */
  readonly name: Name;
  /** What the policy was made with, for whoever prints the config. The policy itself does not need it. */
  readonly options?: unknown;
  /** Facts that must be known before it: `["param:id", "jwt:sub"]`. A chain that does not provide them is an error. @default none */
  readonly needs?: readonly N[];
  /** Facts that it provides for those behind it, by setting `ctx.identity`. @default none */
  readonly gives?: readonly G[];
  /**
   * Whether it may keep requests out, so that `check` tells of a route that lacks it beside others that have it; `false` for
   * one that only changes or watches. With `true` in so many words it is also an error where a cache stands before it.
   *
   * @default true
   */
  readonly guard?: boolean;
  /**
   * Answers a request, or lets it go on with `next()`, at most once. What `next()` gives is a reply, or the promise of one
   * where something waits: a policy that returns it untouched costs no promise of its own.
   *
   * A reply that is not returned is given up, and its body with it. What is thrown becomes a 500, and its cause is logged.
   */
  readonly handle: (ctx: PolicyContext<N>, next: () => MaybePromise<ContextReply>) => MaybePromise<PolicyResult>;
}

/**
 * Makes a policy of a function. A policy that never touches `ctx.request` or `response()` makes no web object.
 *
 * @example
 * ```ts
 * import { definePolicy } from "gatewright";
 *
 * const timing = definePolicy({
 *   name: "timing",
 *   async handle(ctx, next) {
 *     if (ctx.header("x-blocked") !== null) return new Response("no", { status: 403 });
 *     const start = performance.now();
 *     const reply = await next();
 *     reply.setHeader("server-timing", `total;dur=${performance.now() - start}`);
 *     return reply;
 *   },
 * });
 * console.log(timing.kind); // timing
 * ```
 */
export function definePolicy<const Name extends string, const N extends Fact = never, const G extends Fact = never>(
  init: PolicyInit<Name, N, G>,
): Policy<Name, NoInfer<N>, NoInfer<G>> {
  return recordPolicy(customDefinition(init), init.options);
}

/** The author's own part, which the types have checked in TypeScript only. */
const parts = z.object({
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/, {
    error: "a policy's name is a letter in lower case, then letters and digits",
  }),
  needs: facts("needs"),
  gives: facts("gives"),
  guard: z.boolean({ error: "guard is true or false" }).optional(),
  handle: z.custom((handle) => typeof handle === "function", { error: "a policy has a function handle(ctx, next)" }),
});

function customDefinition<Name extends string, N extends Fact, G extends Fact>(
  init: PolicyInit<Name, N, G>,
): PolicyDefinition {
  return {
    kind: init.name,
    schema: z.unknown().superRefine((_options, issue) => {
      for (const { message, path } of parts.safeParse(init).error?.issues ?? []) {
        issue.addIssue({ code: "custom", message: `definePolicy: ${path.join(".")}: ${message}` });
      }
    }),
    facts: () => ({ needs: init.needs, gives: init.gives }),
    traits: () => ({
      guard: init.guard,
      everyRequest: init.guard,
      identity: init.gives?.some(isIdentity) ? "required" : undefined,
    }),
    // The types of params and claims are the author's; `check` has proved that they are there.
    build: (_options, env, id) =>
      customMiddleware(id, env.log, (ctx, next) => init.handle(ctx as unknown as PolicyContext<N>, next)),
  };
}

/** What comes behind relies on such a fact, so that whoever does not have it is not let pass. */
function isIdentity(fact: Fact): boolean {
  return !fact.startsWith("param:");
}

function facts(what: string) {
  const fact = z.string().refine((key) => isFact(key) && parseKey(key) !== undefined, {
    error: `${what} lists facts: consumer, basic:user, jwt:<claim>, param:<name>`,
  });
  return z.array(fact).optional();
}
