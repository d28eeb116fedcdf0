/** Inference sites: how the config's literals reach the checks without spoiling messages and completions. @module */

/**
 * An inference site and nothing else. While the compiler looks for `X`, it infers to both branches and finds it here;
 * once `X` is known, this is `unknown` and vanishes from the intersection it stands in. So messages and completions
 * show the plain interface beside it, and unknown keys are still caught, which an intersection with `X` would hide.
 */
export type Infer<X> = [X] extends [never] ? X : unknown;

/** The element of an inferred tuple; `unknown` while it is not known. */
export type At<R, I> = I extends keyof R ? R[I] : unknown;
