/** Endpoints that `start` brings up by itself, for trying things out. @module */

import type { Duration } from "../core/units.ts";

/** What every demo endpoint is told. */
export interface DemoOptions {
  /** Port on loopback, from 1 to 65535; each demo endpoint needs its own. */
  readonly port: number;
}

/** A demo endpoint that answers after a delay. */
export interface SlowDemoOptions extends DemoOptions {
  /**
   * Time before each answer.
   *
   * @default "800ms"
   */
  readonly delay?: Duration;
}

/** A demo endpoint that fails now and then, with a 500. */
export interface FaultyDemoOptions extends DemoOptions {
  /**
   * Share of the requests that fail, from 0 to 1.
   *
   * @default 0.3
   */
  readonly failureRate?: number;
}

interface OptionsByKind {
  fast: DemoOptions;
  slow: SlowDemoOptions;
  faulty: FaultyDemoOptions;
  echo: DemoOptions;
}

/** A demo endpoint in a config; it stands for `http://127.0.0.1:<port>`. */
export type Demo =
  | { readonly demo: "fast" | "echo" } & DemoOptions
  | { readonly demo: "slow" } & SlowDemoOptions
  | { readonly demo: "faulty" } & FaultyDemoOptions;

/**
 * A demo endpoint: `start` serves it on loopback, `check` never does. It records only, the validator looks at it.
 *
 * @param kind `"fast"` answers at once, `"slow"` after a delay, `"faulty"` fails now and then, `"echo"` sends back
 * what it received.
 *
 * @example
 * ```ts
 * import { defineGateway, demo } from "gatewright";
 *
 * export default defineGateway({
 *   upstreams: { slow: [demo("slow", { port: 9003, delay: "1s" })] },
 *   routes: [{ path: "/slow", upstream: "slow" }],
 * });
 * ```
 */
export function demo<Kind extends "fast" | "slow" | "faulty" | "echo">(kind: Kind, options: OptionsByKind[Kind]): Demo {
  return Object.freeze({ demo: kind, ...options } as Demo);
}
