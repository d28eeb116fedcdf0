/** Whether two types are the same: `never`, `any` and unions included. @module */

/** `true` when `A` and `B` are identical, else `false`. */
export type TypeEqual<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
