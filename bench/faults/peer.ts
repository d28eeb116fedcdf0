/**
 * What the fault harness needs to know of a proxy. One proxy is one file in `peers/`, joined by one line in `peers.ts`.
 *
 * @module
 */
import type { ProxyTimeouts } from "../../tests/faults/scenario.ts";
import type { Availability, Launch } from "../load/peer.ts";

/** Where a peer listens and what it balances over. */
export interface FaultSetup {
  /** An empty folder of this start alone. */
  readonly dir: string;
  /** The free port on 127.0.0.1 that the peer must listen on. It answers `/` itself, so that it can be waited for. */
  readonly port: number;
  /** The ports of the two endpoints on 127.0.0.1; `HEALTH_PATH` is what a probe asks. */
  readonly endpoints: readonly [number, number];
  readonly timeouts: ProxyTimeouts;
}

/**
 * A proxy under test, set up as somebody would who wants it to survive: active and passive health checks where it has
 * them, what is idempotent tried again at the other endpoint, also on 500, 502, 503 and 504, and POST not.
 */
export interface FaultPeer {
  readonly id: string;
  /** Looks for the program. */
  find(signal: AbortSignal): Promise<Availability>;
  /** Writes the config and returns the program to start in the foreground. */
  prepare(setup: FaultSetup): Promise<Launch>;
}
