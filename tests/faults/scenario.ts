/** A fault, and what may be expected under it. @module */

import type { Kind } from "./asked.ts";
import type { Behaviour } from "./behaviour.ts";
import type { FaultyEndpoint } from "./faulty_endpoint.ts";
import type { Blame } from "./judge.ts";
import type { Traffic } from "./traffic.ts";

/** The two endpoints of a run. */
export type Endpoints = readonly [FaultyEndpoint, FaultyEndpoint];

/** What a proxy is told to wait for, in milliseconds; the same for every proxy. */
export interface ProxyTimeouts {
  readonly connect: number;
  /** From the request to the head of the answer. */
  readonly head: number;
  /** Between two pieces of a body. */
  readonly idle: number;
}

/** One row of the table. */
export interface Scenario extends Blame {
  /** A few words, no other scenario's. */
  readonly name: string;
  readonly behaviours: readonly [Behaviour, Behaviour];
  /** What clients ask, in turn. */
  readonly kinds: readonly Kind[];
  /** Whether the proxy must wait for a slow endpoint, rather than give it up. */
  readonly patient: boolean;
  /** Share of the usual number of requests. */
  readonly volume: number;
  /** What happens to the endpoints meanwhile. The traffic goes on until it is told, or until its time is over. */
  readonly story: ((endpoints: Endpoints, traffic: Traffic) => Promise<void>) | null;
}
