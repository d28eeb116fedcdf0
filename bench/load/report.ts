/**
 * Everything that a run found out, as it is written with `--json`.
 *
 * @module
 */
import type { Machine } from "./machine.ts";
import type { Measurement } from "./measurement.ts";

/** One proxy in one shape: its figures in each round, in order. */
export interface PeerRounds {
  readonly peer: string;
  readonly accessLog: boolean;
  readonly rounds: Measurement[];
}

/** The figures of one shape. */
export interface ScenarioReport {
  readonly id: string;
  readonly title: string;
  readonly peers: readonly PeerRounds[];
}

/** A whole run. */
export interface Report {
  readonly machine: Machine;
  readonly settings: {
    readonly rounds: number;
    readonly seconds: number;
    readonly warmup: number;
    readonly connections: number;
  };
  /** Versions by program. */
  readonly versions: Readonly<Record<string, string>>;
  readonly scenarios: readonly ScenarioReport[];
}
