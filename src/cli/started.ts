/** What runs once a start is through. @module */

import type { Plan } from "../compile/plan.ts";
import type { RunningDemo } from "../runtime/demo/start_demos.ts";

/** Where a listener is. */
export interface Address {
  /** @default "http" */
  readonly scheme?: "http" | "https";
  /** The absolute path of a Unix socket, whose port is 0. */
  readonly hostname: string;
  readonly port: number;
}

/** All that a start has to tell. */
export interface Started {
  readonly version: string;
  /** Where the config came from: a file, or `--to http://…`. */
  readonly source: string;
  readonly plan: Plan;
  readonly listeners: readonly Address[];
  readonly admin: Address | null;
  readonly demos: readonly RunningDemo[];
}
