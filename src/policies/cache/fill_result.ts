/** What came of asking the upstream. @module */

import type { Reply } from "../../core/reply.ts";
import type { GrowingBody } from "./growing_body.ts";
import type { StoredResponse } from "./stored_response.ts";

/** An answer that everybody may have who waits for it, and whose request it fits. */
export interface Kept {
  readonly kind: "kept";
  /** How the cache has it: the upstream sent it, or has said that the one that was there is still good, or it was in the second tier. */
  readonly how: "sent" | "revalidated" | "second-tier";
  /** Whether it stays in the cache. If not, it was asked for before it had to go, and is still for those who asked by then. */
  readonly stays: boolean;
  /** With its content, unless it is still coming. */
  readonly stored: StoredResponse;
  /** What is still coming; `null`: it is there. */
  readonly growing: GrowingBody | null;
  /** For the one who asked: the answer as it came, fields that nobody else may have included, with a reader for its body. */
  readonly reply: Reply | null;
}

/** The answer that was there stands in for a failure. */
export interface StandsIn {
  readonly kind: "stands-in";
  readonly stored: StoredResponse;
  /** The upstream's status, or the one that the failure would have had. */
  readonly status: number;
  /** Milliseconds past its lifetime for which the config lets it. */
  readonly extra: number;
}

/** An answer that is nobody's but his who asked. */
export interface Own {
  readonly kind: "own";
  readonly reply: Reply;
  /** Why it is not kept. */
  readonly why: string;
}

/** Any of them. */
export type FillResult = Kept | StandsIn | Own;
