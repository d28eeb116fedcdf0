/** How an endpoint behaves. @module */

import type { OriginConnection } from "../support/scripted_origin.ts";
import type { Asked } from "./asked.ts";
import type { Call } from "./call.ts";

/** Times that differ between a test, which is to be short, and a bench. In milliseconds. */
export interface Pace {
  /** An endpoint that is slow, and still well. */
  readonly slow: number;
  /** Between two pieces of what drips. */
  readonly drip: number;
  /** How long an endpoint works on a request where that matters. */
  readonly work: number;
}

/** An endpoint that takes connections. */
export interface Serving {
  readonly is: "serving";
  /** Does something to each new connection first; where that ends it, nothing is read. */
  readonly greet?: (connection: OriginConnection) => Promise<void>;
  /** Which requests meet the fault; the others are answered well. @default all */
  readonly strikes?: (asked: Asked) => boolean;
  /** Answers before the body has been read. @default false */
  readonly early?: boolean;
  /** Whether that is no fault. @default false */
  readonly harmless?: boolean;
  /** Answers a request. */
  readonly answer: (call: Call, pace: Pace) => Promise<void>;
}

/** What an endpoint does: serve, refuse connections, or not even that. */
export type Behaviour = Serving | { readonly is: "dead" } | { readonly is: "deaf" };
