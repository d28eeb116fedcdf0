/** Typed places on an exchange where policies leave values for one another. @module */

/** Names a place. Two keys are the same only if they are the same object, whatever their names. */
export interface ContextKey<T> {
  readonly name: string;
  /** Never there; carries the type. */
  readonly type?: T;
}

/**
 * Makes a key for `ctx.get` and `ctx.set`.
 *
 * @example
 * ```ts
 * import { contextKey } from "gatewright";
 *
 * const plan = contextKey<"free" | "pro">("plan");
 * console.log(plan.name); // plan
 * ```
 */
export function contextKey<T>(name: string): ContextKey<T> {
  return Object.freeze({ name });
}
