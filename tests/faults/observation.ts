/** What became of one request, as its client saw it. @module */

import type { Asked } from "./asked.ts";

/** How it ended. */
export type Seen =
  /** An answer that is whole by its framing. `right`: its bytes are those that were asked for. */
  | { readonly end: "answer"; readonly status: number; readonly right: boolean }
  /** The connection ended before the answer did: the client knows that it has nothing whole. */
  | { readonly end: "cut" }
  /** What came is no HTTP. */
  | { readonly end: "malformed" }
  /** The client's patience was over. */
  | { readonly end: "hung" };

/** A request and its end. */
export interface Observation {
  readonly asked: Asked;
  readonly seen: Seen;
  /** Milliseconds from its first byte. */
  readonly ms: number;
}
