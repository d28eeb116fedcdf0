/**
 * The gateways that can be tested, in the order in which they are reported.
 *
 * @module
 */

/** One way to run this gateway. */
export interface SuitePeer {
  readonly id: string;
  readonly engine: "h1" | "serve";
  /** Options of `telemetry.traces`, beside where spans go. */
  readonly traces: Readonly<Record<string, unknown>>;
}

/** Both engines, and each way in which a request's trace can be had: recorded, only passed on, or kept in case it fails. */
export const PEERS: readonly SuitePeer[] = [
  { id: "gatewright", engine: "h1", traces: { sample: 1 } },
  { id: "gatewright-unrecorded", engine: "h1", traces: { sample: 0 } },
  { id: "gatewright-errors", engine: "h1", traces: { sample: 0, keepErrors: true } },
  { id: "gatewright-serve", engine: "serve", traces: { sample: 1 } },
];
