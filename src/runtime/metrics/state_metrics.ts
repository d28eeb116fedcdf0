/** Metrics of the gateway as a whole: what it is, what it goes by, whether it is ready, what it could not tell. @module */

import type { Knob } from "../../core/build_env.ts";
import { family } from "../../telemetry/metrics/family.ts";
import type { Collector } from "../../telemetry/metrics/metrics_registry.ts";

/** Which config is in force. */
export interface ConfigState {
  /** How often a config was taken; 1: the first is in force. */
  readonly generation: number;
  /** {@link Clock.wall} when the one in force was taken. */
  readonly since: number;
  /** What came of the last attempt to put another in force. */
  readonly lastReload: "none" | "taken" | "refused";
}

/** What the gateway could not tell, so far. */
export interface TelemetryLosses {
  /** By what was lost: `access_log`, `log` and `summary` count lines, `spans` spans. */
  readonly [signal: string]: number;
}

/** What the gateway itself does not know. */
export interface ToldOfProcess {
  readonly version: string;
  losses(): TelemetryLosses;
}

/** Where the numbers come from. */
export interface StateSources {
  readonly draining: boolean;
  notReadyReasons(): readonly string[];
  configState(): ConfigState;
  knobs(): readonly Knob[];
}

const BUILD = family({
  name: "gatewright_build_info",
  type: "info",
  help: "Versions of the gateway and its runtime.",
  labels: ["version", "deno", "v8"],
});

const READY = family({
  name: "gatewright_ready",
  type: "gauge",
  help: "Whether requests should be sent here, as /readyz says: 1 or 0.",
  labels: [],
});

const DRAINING = family({
  name: "gatewright_draining",
  type: "gauge",
  help: "Whether it was told to stop, and lets requests that are under way end: 1 or 0.",
  labels: [],
});

const GENERATION = family({
  name: "gatewright_config_generation",
  type: "gauge",
  help: "How often a config was taken since the start; 1: the first is in force.",
  labels: [],
});

const LOADED = family({
  name: "gatewright_config_loaded_timestamp_seconds",
  type: "gauge",
  unit: "seconds",
  help: "When the config in force was taken, in seconds since 1970.",
  labels: [],
});

const LAST_RELOAD = family({
  name: "gatewright_config_last_reload_successful",
  type: "gauge",
  help: "Whether the config that was offered last was taken: 1, or 0 while an earlier one stays in force.",
  labels: [],
});

const KNOB = family({
  name: "gatewright_knob",
  type: "gauge",
  help: "Limits and weights that can be turned while traffic flows, at this moment.",
  labels: ["knob"],
});

const LOST = family({
  name: "gatewright_telemetry_lost_total",
  type: "counter",
  help: "Lines of logs and spans that were dropped because nobody took them in time.",
  labels: ["signal"],
});

/** What there is to tell of the gateway as a whole. */
export function stateMetrics(gateway: StateSources, { version, losses }: ToldOfProcess): Collector {
  const { deno, v8 } = Deno.version;
  return (out) => {
    const { generation, since, lastReload } = gateway.configState();
    out.add(BUILD, 1, version, deno, v8);
    out.add(READY, gateway.notReadyReasons().length === 0 ? 1 : 0);
    out.add(DRAINING, gateway.draining ? 1 : 0);
    out.add(GENERATION, generation);
    out.add(LOADED, since / 1_000);
    out.add(LAST_RELOAD, lastReload === "refused" ? 0 : 1);
    for (const { id, value } of gateway.knobs()) out.add(KNOB, value, id);
    for (const [signal, count] of Object.entries(losses())) out.add(LOST, count, signal);
  };
}
