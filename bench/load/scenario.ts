/**
 * A shape of request and answer. One shape is one file in `scenarios/`, joined by one line in `scenarios.ts`.
 *
 * @module
 */

/** What is asked of the proxies and what the origin answers. */
export interface Scenario {
  /** A short upper-case id for `--shape`. */
  readonly id: string;
  readonly title: string;
  /** The request path; each scenario has one of its own, as the origin serves all of them. */
  readonly path: string;
  /** Request fields besides Host. */
  readonly requestHeaders: readonly (readonly [name: string, value: string])[];
  /** nginx directives inside the origin's location for {@link Scenario.path}. */
  readonly origin: readonly string[];
  /** What the origin must be seen to answer, so that the shape is what its title says. */
  readonly answer: { readonly headers: number; readonly bodyBytes: number };
}
