/** How late the event loop is: what everything in this thread waits for. @module */

import type { Cancel, Clock } from "../../core/clock.ts";
import { watchLateness } from "../../core/lateness.ts";
import { family } from "../../telemetry/metrics/family.ts";
import { Histogram } from "../../telemetry/metrics/histogram.ts";
import type { Collector } from "../../telemetry/metrics/metrics_registry.ts";

/** Milliseconds between two looks: ten timers a second cost nothing that can be measured, and miss few stalls that matter. */
const LOOK_EVERY = 100;

/** Upper bounds in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

const DELAY = family({
  name: "gatewright_event_loop_delay_seconds",
  type: "histogram",
  unit: "seconds",
  help: "How much later than it should a timer runs that is due ten times a second.",
  labels: [],
});

/** Counts the delays that a timer of its own sees. */
export class EventLoopDelays {
  readonly #delays = new Histogram(BUCKETS);
  readonly #stop: Cancel;

  constructor(clock: Clock) {
    this.#stop = watchLateness(clock, LOOK_EVERY, (late) => this.#delays.observe(late / 1_000));
  }

  /** Gives what was measured. */
  readonly collect: Collector = (out) => out.addHistogram(DELAY, this.#delays);

  close(): void {
    this.#stop();
  }
}
