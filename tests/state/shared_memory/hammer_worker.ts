/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** A thread that counts in shared memory with others, for tests. @module */

import type { Clock } from "../../../src/core/clock.ts";
import type { Algorithm, Rule } from "../../../src/core/limit.ts";
import { SharedStore } from "../../../src/state/shared_memory/shared_store.ts";
import { MODELLED } from "../limit_models.ts";
import { OneProcess } from "./one_process.ts";

/** What a thread is to do. */
export interface Hammering {
  /** The memory of the process. */
  readonly regions: Map<string, SharedArrayBuffer>;
  /** One word: how many threads are yet to come. They all begin when the last one has. */
  readonly gate: SharedArrayBuffer;
  readonly id: string;
  readonly maxKeys: number;
  /** Names of the limits' algorithms. */
  readonly algorithms: readonly string[];
  readonly rules: readonly Rule[];
  /** Keys of each request, one for each limit. */
  readonly requests: readonly (readonly string[])[];
  /** Whether the first request is never let go: the thread says its holder's number, and keeps the lock. */
  readonly keepsLock?: boolean;
}

/** What it says in the end: of each request, whether it was admitted. */
export type Hammered = { readonly admitted: readonly boolean[] } | { readonly holder: number };

/** Time stands still, at the same moment for all threads, though their clocks began at different ones. */
const began = performance.now();
const clock: Clock = {
  now: () => began,
  wall: () => Date.UTC(2026, 0, 1),
  after: () => () => {},
  every: () => () => {},
};

/** One decision in so many is interrupted: threads that run on one processor would seldom meet otherwise. */
const NAP_EACH = 199;
const forever = new Int32Array(new SharedArrayBuffer(4));
let taken = 0;

/** An algorithm that is now and then interrupted between reading and writing, as a thread can be anywhere. */
function napping(algorithm: Algorithm): Algorithm {
  return {
    ...algorithm,
    take(...request) {
      const verdict = algorithm.take(...request);
      if (++taken % NAP_EACH === 0) Atomics.wait(forever, 0, 0, 1);
      return verdict;
    },
  };
}

self.onmessage = ({ data }: MessageEvent<Hammering>) => {
  const store = new SharedStore({ clock, regions: new OneProcess(data.regions) }, "default", data.maxKeys);
  const keep = (algorithm: Algorithm): Algorithm => ({
    ...algorithm,
    take() {
      self.postMessage({ holder: store.holder } satisfies Hammered);
      Atomics.wait(forever, 0, 0);
      throw new Error("nobody ends this wait");
    },
  });
  const algorithms = data.algorithms.map((name) => {
    const { algorithm } = MODELLED.find(({ algorithm }) => algorithm.name === name)!;
    return data.keepsLock ? keep(algorithm) : napping(algorithm);
  });
  const limiter = store.limiter({ id: data.id, algorithms, maxKeys: data.maxKeys });
  pass(new Int32Array(data.gate));
  const admitted = data.requests.map((keys) => {
    const verdicts = limiter.take(keys, data.rules, 1);
    if (verdicts instanceof Promise) throw new Error("it waits");
    return verdicts.every(({ admitted }) => admitted);
  });
  self.postMessage({ admitted } satisfies Hammered);
};

function pass(gate: Int32Array): void {
  Atomics.sub(gate, 0, 1);
  while (Atomics.load(gate, 0) > 0) Atomics.pause();
}
