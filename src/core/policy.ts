/** Policies as values: recorded in the config, built when it is compiled. @module */

import type { z } from "zod";
import type { BuildEnv } from "./build_env.ts";
import type { Middleware } from "./handler.ts";
import { Recorder } from "./recorded.ts";

declare const needs: unique symbol, gives: unique symbol;

/**
 * One guard or transformation in a chain: a frozen value that prints as `{ kind, options }`.
 * `Needs` are the facts that the path or an earlier policy must provide, `Gives` those it provides; both exist for the
 * compiler only, and `check` proves them again.
 */
export interface Policy<Kind extends string = string, Needs extends string = string, Gives extends string = string> {
  readonly kind: Kind;
  readonly options: unknown;
  readonly [needs]?: Needs;
  readonly [gives]?: Gives;
}

/** The `Needs` of a policy; `never` where there are none, `string` where they are not known. */
export type NeedsOf<P> = P extends { readonly [needs]?: infer N } ? Exclude<N, undefined> & string : never;

/** The `Gives` of a policy; `never` where there are none, `string` where they are not known. */
export type GivesOf<P> = P extends { readonly [gives]?: infer G } ? Exclude<G, undefined> & string : never;

/** The facts that a kind of policy needs and gives with these options: the run-time side of `Needs` and `Gives`. */
export interface PolicyFacts {
  readonly needs?: readonly string[];
  readonly gives?: readonly string[];
}

/** How a policy counts in a store, or keeps answers there. */
export interface StoreUse {
  /** Its name in the config's `stores`, of which the policy has the fact `store:<name>` for a need; `undefined`: `default`. */
  readonly store: string | undefined;
  /** Names of its algorithms that have no `lua`: not every store can run them. */
  readonly withoutLua: readonly string[];
  /** Whether it keeps answers there, which not every store can. @default false */
  readonly answers?: boolean;
}

/** How a kind of policy bears on who may pass. */
export interface PolicyTraits {
  /**
   * Whether it finds out who is asking: `"required"` lets nobody pass without a good credential, `"optional"` lets those
   * pass who show none.
   *
   * @default it does not
   */
  readonly identity?: "required" | "optional";
  /** Whether it may keep a request out, so that a way around it matters. @default true */
  readonly guard?: boolean;
  /**
   * What it does for CORS preflights, which are answered here and carry no credentials: it lets a chain answer them, or
   * joins in where another does.
   *
   * @default it does not run for them
   */
  readonly preflight?: "answers" | "joins";
  /** Whether it makes sense only outside of every identity policy, as its work is also for those who are refused. @default false */
  readonly outsideIdentity?: boolean;
  /**
   * For what answers requests with what others were answered, past the policies behind it: `"keyed"` where it tells those
   * apart who are asking, `"shared"` where the config says that it makes no difference who is, `"unsaid"` where it says
   * neither.
   *
   * @default it answers nobody with what another was answered
   */
  readonly reuses?: "keyed" | "shared" | "unsaid";
  /**
   * Of what {@link reuses} answers, the keys by which it tells requests apart beside their URLs, names of fields in lower
   * case: `header:x-canary`.
   *
   * @default it is not known
   */
  readonly toldApartBy?: readonly string[];
  /** Whether every request must come by it, so that nothing before it may answer with what others were answered. @default false */
  readonly everyRequest?: boolean;
}

/** What is wrong with a secret's value. It does not hold the value. */
export interface SecretFault {
  readonly message: string;
  /** What the secret should hold. */
  readonly remedy?: string;
}

/** Something that `check` tells, and that keeps nothing from starting. */
export interface PolicyWarning {
  /** The option, from the options' root. */
  readonly at: readonly (string | number)[];
  readonly message: string;
  /** What stands there. */
  readonly seen?: string;
  /** What to write instead. */
  readonly remedy?: string;
}

/** What one kind of policy is. Every policy file makes one. */
export interface PolicyDefinition<Parsed = unknown> {
  /** The factory's name in TypeScript and in YAML. */
  readonly kind: string;
  /** Checks and completes the options. */
  readonly schema: z.ZodType<Parsed>;
  /** @default none, both ways */
  facts?(options: Parsed): PolicyFacts;
  /** For policies that use a store; `undefined` where the options say that they use none. @default it uses none */
  uses?(options: Parsed): StoreUse | undefined;
  /** @default a guard that knows nothing of identity */
  traits?(options: Parsed): PolicyTraits;
  /**
   * The option that holds policies, one or a list, for kinds such as `anyOf`: each is checked by its own schema before
   * this one's sees it, and is made of its name in YAML. @default none
   */
  readonly holds?: string;
  /** The policies in {@link holds}: whoever walks over a chain walks into them. @default none */
  parts?(options: Parsed): readonly Policy[];
  /** An id that the options give the policy's node. @default made of where it stands */
  id?(options: Parsed): string | undefined;
  /**
   * What is wrong with the value of a secret among the options, `null` where it fits: `check` asks this, so that it is not
   * the start that fails. @default any value fits
   *
   * @param at where the secret stands, from the options' root
   */
  secretFault?(options: Parsed, at: readonly (string | number)[], value: string): SecretFault | null;
  /**
   * Names of header fields, and of keys of the query, whose values are secrets by these options: the access log does not
   * tell them. @default none
   */
  secretNames?(options: Parsed): readonly string[];
  /** What is worth a warning about options that are right. @default nothing */
  warnings?(options: Parsed): readonly PolicyWarning[];
  /** What it does, in a few words for `routes`. @default the kind */
  describe?(options: Parsed): string;
  /** Prepares everything; called once per compiled config. `id` is stable over reloads: use it for `env.state`. */
  build(options: Parsed, env: BuildEnv, id: string): Middleware;
}

const policies = new Recorder<PolicyDefinition>();

/** Records a policy. It does not look at the options: the validator does, and reports every issue at once. */
export function recordPolicy<K extends string, N extends string, G extends string>(
  kind: PolicyDefinition,
  options: unknown,
): Policy<K, N, G> {
  return policies.record(kind, options) as Policy<K, N, G>;
}

/** How a policy bears on who may pass, by its kind and options. */
export function traitsOf(policy: Policy): PolicyTraits {
  return definitionOf(policy)?.traits?.(policy.options) ?? {};
}

/** The definition behind a policy value, or `undefined` when no factory made it. */
export function definitionOf(policy: unknown): PolicyDefinition | undefined {
  return policies.definitionOf(policy);
}
