/** Facts on the type level: what a key or a template reads that the path or an earlier policy must provide. @module */

import type { Fact } from "./key.ts";

/**
 * The part of a key that something earlier must provide: `FactsOf<"jwt:sub" | "ip">` is `"jwt:sub"`.
 *
 * `NoInfer`, because factories return it: TypeScript would otherwise read the type that the surrounding chain expects
 * as a candidate for `K`, and an option that was left out would come to need every fact there is.
 */
export type FactsOf<K> = Extract<NoInfer<K>, Fact>;

/**
 * The fact that somebody before has asked who it is, be it in vain: what can do without an `identity`, but makes no sense
 * where nobody asks, needs this. It is never given by itself: whoever gives `identity` or `consumer` has asked.
 */
export type AskedFact = "identity?";

/** {@link AskedFact} at run time. */
export const ASKED: AskedFact = "identity?";

/**
 * Facts named in a template: `FactsIn<"{param:id}-{jwt:sub}">` is `"param:id" | "jwt:sub"`.
 * `{{` is a brace that names nothing, as in `parseTemplate`. A plain `string` names nothing: `check` reads the value.
 *
 * `Found` collects the result, which makes each step a tail call: templates of any sensible length stay below the
 * compiler's limit on recursion.
 */
export type FactsIn<S extends string, Found extends Fact = never> = S extends `${string}{${infer AfterBrace}`
  ? AfterBrace extends `{${infer Rest}` ? FactsIn<Rest, Found>
  : AfterBrace extends `${infer K}}${infer Rest}` ? FactsIn<Rest, Found | FactsOf<K>>
  : Found
  : Found;
