/** What must hold for each route of a config. @module */

import type { Policy } from "./policy.ts";

/** A route as invariants see it: compiled, with what the global policies do for it. */
export interface InvariantRoute {
  readonly id: string;
  /** Pattern with parameters written `:id` and `*rest`. */
  readonly path: string;
  /** Empty: every host. */
  readonly hosts: readonly string[];
  /** Empty: every method. */
  readonly methods: readonly string[];
  /** The whole chain: the global policies, then the route's own. */
  readonly policies: readonly Policy[];
  readonly target: "upstream" | "split" | "redirect" | "respond" | "handler";
  /** Names of the upstreams that its requests may be sent to, mirrors and fallbacks included. */
  readonly upstreams: readonly string[];
  /** Whether it takes a method that changes something: any but GET, HEAD, OPTIONS and TRACE (RFC 9110 §9.2.1). */
  readonly writes: boolean;
  /** Whether nobody gets to the end of its chain without a good credential, as far as the built-in policies tell. */
  readonly identified: boolean;
  /** Whether the route says `public: true`. */
  readonly public: boolean;
  /** Whether a policy of this kind is in its chain: `route.has("rateLimit")`. */
  has(kind: string): boolean;
}

/** A rule of one's own about every route. */
export interface Invariant {
  /** What is said of a route that breaks it: `"every route below /admin is for admins"`. */
  readonly name: string;
  /**
   * Whether it holds. A text says how it does not; what is thrown counts as `false`.
   *
   * @returns `true`, or nothing, where it holds
   */
  readonly assert: (route: InvariantRoute) => boolean | string | void;
}
