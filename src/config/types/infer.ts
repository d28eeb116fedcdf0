/** Inference sites: how the config's literals reach the checks without spoiling messages and completions. @module */

/**
 * An inference site and nothing else. While the compiler looks for `X`, it infers to both branches and finds it here;
 * once `X` is known, this is `unknown` and vanishes from the intersection it stands in. So messages and completions
 * show the plain interface beside it, and unknown keys are still caught, which an intersection with `X` would hide.
 */
export type Infer<X> = [X] extends [never] ? X : unknown;

/**
 * A member of an inferred type; `unknown` while it is not known. By inference, not `I extends keyof R`: the compiler
 * would list all keys of `R` anew for each `I`, which for a tuple of routes is quadratic.
 */
export type At<R, I extends PropertyKey> = R extends { readonly [K in I]: infer X } ? X : unknown;
