/** Threads that count together, for tests. @module */

import type { Clock } from "../../../src/core/clock.ts";
import type { Rule } from "../../../src/core/limit.ts";
import type { Limiter } from "../../../src/core/store.ts";
import { SharedStore } from "../../../src/state/shared_memory/shared_store.ts";
import type { Patience } from "../../../src/state/shared_memory/stripe_locks.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { MODELLED } from "../limit_models.ts";
import type { Hammered, Hammering } from "./hammer_worker.ts";
import { OneProcess } from "./one_process.ts";

const ID = "test/rateLimit#1";

/** Limits that several threads count in, this one among them. */
export interface ThreadsOptions {
  /** Names of the limits' algorithms. */
  readonly algorithms: readonly string[];
  readonly rules: readonly Rule[];
  /** @default 1000 */
  readonly maxKeys?: number;
  readonly patience?: Patience;
}

/** The threads of a test. Disposing of them ends them. */
export class Threads implements Disposable {
  readonly store: SharedStore;
  readonly limiter: Limiter;
  readonly #options: ThreadsOptions;
  readonly #regions = new OneProcess();
  readonly #workers: Worker[] = [];

  constructor(options: ThreadsOptions) {
    const { algorithms, maxKeys = 1000, patience } = options, clock: Clock = new FakeClock();
    this.#options = options;
    this.store = new SharedStore({ clock, regions: this.#regions }, "default", maxKeys, patience);
    this.limiter = this.store.limiter({
      id: ID,
      algorithms: algorithms.map((name) => MODELLED.find(({ algorithm }) => algorithm.name === name)!.algorithm),
      maxKeys,
    });
  }

  /** Has a thread for each list make the requests, all at the same time. @returns of each, whether it was admitted */
  async hammer(lists: readonly (readonly (readonly string[])[])[]): Promise<(readonly boolean[])[]> {
    const gate = new SharedArrayBuffer(4);
    Atomics.store(new Int32Array(gate), 0, lists.length);
    const done = lists.map((requests) => this.#start({ requests, gate }).answer);
    return (await Promise.all(done)).map((hammered) => "admitted" in hammered ? hammered.admitted : []);
  }

  /** Has a thread take the locks that a request needs, and end while it holds them. @returns its holder's number */
  async endHolding(keys: readonly string[]): Promise<number> {
    const gate = new SharedArrayBuffer(4);
    const { worker, answer } = this.#start({ requests: [keys], gate, keepsLock: true }), hammered = await answer;
    worker.terminate();
    return "holder" in hammered ? hammered.holder : 0;
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
    this.store.close();
  }

  #start(task: Pick<Hammering, "requests" | "gate" | "keepsLock">): { worker: Worker; answer: Promise<Hammered> } {
    const { algorithms, rules, maxKeys = 1000 } = this.#options;
    const worker = new Worker(new URL("hammer_worker.ts", import.meta.url), { type: "module" });
    this.#workers.push(worker);
    const { promise, resolve, reject } = Promise.withResolvers<Hammered>();
    worker.onmessage = ({ data }: MessageEvent<Hammered>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    const regions = this.#regions.made;
    worker.postMessage({ ...task, regions, id: ID, maxKeys, algorithms, rules } satisfies Hammering);
    return { worker, answer: promise };
  }
}
