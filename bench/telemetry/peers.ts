/**
 * The gateway with more and more of its telemetry on.
 *
 * @module
 */
import type { Peer } from "../load/peer.ts";
import { gatewrightOn } from "../load/peers/gatewright.ts";

/** Nothing is told. */
export const silent: Peer = gatewrightOn("silent", "h1", { alwaysLogs: false, telemetry: "metrics: false" });

/** All that there is, with a hundredth of the traces recorded. */
export const ALL = "all";

/** @param collector URL of a collector that takes spans */
export function peers(collector: string): readonly Peer[] {
  const traces = (sample: number, more = "") =>
    `traces: { to: { otlp: ${JSON.stringify(collector)} }, sample: ${sample}${more} }`;
  const quiet = (id: string, telemetry: string) => gatewrightOn(id, "h1", { alwaysLogs: false, telemetry });
  return [
    silent,
    quiet("metrics", "metrics: true"),
    gatewrightOn("log", "h1", { telemetry: "metrics: false" }),
    quiet("traces-none", `metrics: false, ${traces(0)}`),
    quiet("traces-1%", `metrics: false, ${traces(0.01)}`),
    gatewrightOn(ALL, "h1", { telemetry: `metrics: true, ${traces(0.01)}` }),
    quiet("traces-100%", `metrics: false, ${traces(1)}`),
    quiet("keep-errors", `metrics: false, ${traces(0, ", keepErrors: true")}`),
  ];
}
