/** More for those who are quick and do not fail. @module */

import type { Random } from "../../core/random.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Balancer } from "./balancer.ts";

/**
 * The least that speed and failures make of an endpoint, as a share of the mean: who gets no requests cannot show that it
 * has recovered.
 */
const FLOOR = 0.05;
/** Endpoints whose scores are read for each pick, on average. */
const READ_PER_PICK = 8;

/**
 * Chance in proportion to preference × (1 / latency) × (1 − error rate); the preference is the weight until a controller
 * turns it. An endpoint that was never measured counts as quick as the mean of the others. Of many endpoints the scores
 * are read once in every few picks: they are averages, which one answer hardly moves.
 */
export class WeightedLatency implements Balancer {
  readonly #random: Random;
  #array: readonly Endpoint[] | null = null;
  /** By place in the array: the sum of the scores up to there. */
  #sums = new Float64Array(0);
  /** Picks until the scores are read again. */
  #left = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  pick(eligible: readonly Endpoint[]): Endpoint {
    if (eligible !== this.#array || --this.#left <= 0) this.#read(eligible);
    const sums = this.#sums, spot = this.#random() * sums[eligible.length - 1];
    let low = 0, high = eligible.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spot < sums[middle]) high = middle;
      else low = middle + 1;
    }
    return eligible[low];
  }

  #read(eligible: readonly Endpoint[]): void {
    const count = eligible.length;
    if (this.#sums.length < count) this.#sums = new Float64Array(count);
    const sums = this.#sums;
    let speeds = 0, measured = 0;
    for (let i = 0; i < count; i++) {
      const { latency } = eligible[i];
      if (latency <= 0) continue;
      speeds += 1 / latency;
      measured++;
    }
    const meanSpeed = measured === 0 ? 1 : speeds / measured;
    let qualities = 0;
    for (let i = 0; i < count; i++) {
      const { latency, errorRate } = eligible[i];
      qualities += sums[i] = (latency > 0 ? 1 / latency : meanSpeed) * (1 - errorRate);
    }
    // All of them failing: as good as each other.
    const floor = qualities > 0 ? qualities / count * FLOOR : 1;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += eligible[i].preference * (sums[i] > floor ? sums[i] : floor);
      sums[i] = sum;
    }
    this.#array = eligible;
    this.#left = Math.ceil(count / READ_PER_PICK);
  }
}
