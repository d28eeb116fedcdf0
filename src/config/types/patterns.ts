/** Path patterns on the type level: which parameters a path has, and whether a rewrite or prefix fits it. @module */

/**
 * Names of a path's parameters: `"/users/:id/files/*path"` has `"id" | "path"`. A final `*` is called `"*"`; a `*`
 * before the end takes one segment and has no name. A path or segment that is only known as `string` may have any.
 */
export type ParamNames<P extends string> = string extends P ? string
  : P extends `${infer Head}/${infer Tail}` ? NameOf<Head> | ParamNames<Tail>
  : P extends "*" ? "*"
  : NameOf<P>;

/** The parameter that a segment names; any, where the segment is known at run time only. */
type NameOf<S extends string> = string extends S ? string
  : S extends `:${infer N}` | `{${infer N}}` ? N
  : S extends `*${infer N}` ? (N extends "" ? never : N)
  : never;

/**
 * The rewrite itself when its parameters exist, else the same with the ones that do: the compiler then sets what was
 * written against what could be. Where nothing has been written yet, what could be.
 */
export type CheckedRewrite<W extends string, P extends string> = string extends W ? SomeRewrite<P>
  : W extends "" ? EndsOf<P>
  : W extends "/" ? W | EndsOf<P>
  : W extends `/${string}` ? WithParams<W, ParamNames<P>>
  : `/${W}`;

/**
 * Any path, of which an editor offers the ends of `P`. The intersection with an empty type keeps these literals from
 * vanishing in the type that holds them all.
 */
export type SomeRewrite<P extends string> = EndsOf<P> | (`/${string}` & Record<never, never>);

/** `"/api/users/:id"` → `"/api/users/:id" | "/users/:id" | "/:id"`. A `*` before the end has no name to be rewritten. */
type EndsOf<P extends string> = string extends P ? `/${string}`
  : P extends `${string}/*/${infer Tail}` ? EndsOf<`/${Tail}`>
  : P extends `/${string}/${infer Tail}` ? P | EndsOf<`/${Tail}`>
  : P;

type WithParams<W extends string, Names extends string> = W extends `${infer Head}/${infer Tail}`
  ? `${InnerSegment<Head, Names>}/${WithParams<Tail, Names>}`
  : W extends `*${infer N}` ? (N extends "" ? "*" : N) extends Names ? W : "(the path has no wildcard of this name)"
  : CheckedSegment<W, Names>;

type InnerSegment<S extends string, Names extends string> = S extends `*${string}` ? "(a wildcard stands at the end)"
  : CheckedSegment<S, Names>;

type CheckedSegment<S extends string, Names extends string> = S extends `:${infer N}` ? Known<S, N, Names, `:${Names}`>
  : S extends `{${infer N}}` ? Known<S, N, Names, `{${Names}}`>
  : S;

type Known<S extends string, N extends string, Names extends string, Instead extends string> = N extends Names ? S
  : [Names] extends [never] ? "(the path has no parameters)"
  : Instead;

/** What can be cut from the front of a path: `"/api/users/:id"` → `"/api" | "/api/users"`. */
export type LiteralPrefix<P extends string> = string extends P ? `/${string}`
  : P extends `/${Dynamic}` | "/" ? "(the path begins with no literal segment)"
  : P extends `/${infer Rest}` ? PrefixesOf<Rest, "">
  : never;

type PrefixesOf<Rest extends string, Before extends string> = Rest extends `${infer Head}/${infer Tail}`
  ? Head extends Dynamic ? never : `${Before}/${Head}` | PrefixesOf<Tail, `${Before}/${Head}`>
  : Rest extends Dynamic | "" ? never
  : `${Before}/${Rest}`;

type Dynamic = `:${string}` | `{${string}}` | `*${string}`;
