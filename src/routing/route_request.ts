/** What a router reads of a request. @module */

/** The exchange satisfies it, and so does a plain object in a test. */
export interface RouteRequest {
  /** As sent: upper case for the methods of RFC 9110. */
  readonly method: string;
  /** The canonical path, beginning with `/`. */
  readonly path: string;
  /** Lower case, without port. */
  readonly host: string;
  /** Raw, with its `?`; `""` without one. */
  readonly query: string;
  /** `get` takes a lower-case name and gives the combined value, or `null`. */
  readonly headers: { get(name: string): string | null };
}
