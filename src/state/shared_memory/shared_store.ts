/** The store of limits in shared memory, as one thread has it open. @module */

import type { Limiter, LimiterInit, Store, StoreEnv } from "../../core/store.ts";
import { CountsRegion, regionBytes, shapeFor } from "./counts_region.ts";
import { SharedLimiter } from "./shared_limiter.ts";
import { MOST_HOLDERS, type Patience } from "./stripe_locks.ts";

/** The region that hands out numbers to threads: one word, which counts them. */
const HOLDERS = "holders of locks";

/** Its regions stay when it is closed: they belong to all threads, and whoever opens them next finds the counts. */
export class SharedStore implements Store {
  readonly remote = false;
  /** This thread's number in the locks that it holds. */
  readonly holder: number;
  readonly #env: Pick<StoreEnv, "clock" | "regions">;
  readonly #name: string;
  readonly #maxKeys: number;
  readonly #patience: Patience | undefined;
  /** The last one for each region. */
  readonly #limiters = new Map<string, SharedLimiter>();

  constructor(env: Pick<StoreEnv, "clock" | "regions">, name: string, maxKeys: number, patience?: Patience) {
    this.#env = env;
    this.#name = name;
    this.#maxKeys = maxKeys;
    this.#patience = patience;
    const given = Atomics.add(new Uint32Array(env.regions.region(HOLDERS, 4)), 0, 1);
    this.holder = 1 + given % MOST_HOLDERS;
  }

  limiter({ id, algorithms, kinds = algorithms.map(({ name }) => name), maxKeys }: LimiterInit): Limiter {
    const shape = shapeFor(algorithms, Math.min(maxKeys, this.#maxKeys));
    // Who asks for another shape, after a reload, gets another region: counts of other kinds mean nothing to it.
    const name = `${this.#name} ${id} ${kinds.join("+")} ${shape.sizes.join("+")} ${shape.places}`;
    const region = new CountsRegion(this.#env.regions.region(name, regionBytes(shape)), shape);
    const limiter = new SharedLimiter(region, algorithms, this.#env.clock, this.holder, this.#patience);
    this.#limiters.set(name, limiter);
    return limiter;
  }

  /**
   * Opens the locks that a thread has left behind when it ended, in all limiters of this store: for whoever sees to
   * threads. Nobody then has to wait until it is taken for dead.
   *
   * @param holder its {@link SharedStore.holder}
   */
  releaseLocksOf(holder: number): void {
    for (const limiter of this.#limiters.values()) limiter.releaseLocksOf(holder);
  }

  close(): void {
    this.#limiters.clear();
  }
}
