/** Password checks that take long, on a thread of their own. @module */

import type { BuildEnv } from "../../../core/build_env.ts";
import type { Deadline } from "../../../core/timer_wheel.ts";
import type { PasswordJob, PasswordResult } from "./password_worker.ts";

/** Checks that wait for the thread. At ten a second, those that come later would wait longer than clients do. */
const MOST = 64;
/** Milliseconds without any result after which the thread counts as hung. */
const LONGEST = 30_000;
/** Milliseconds after which a thread that failed is started anew. */
const PAUSE = 1_000;

type World = Pick<BuildEnv, "clock" | "deadlines" | "log">;

/** What is needed of a worker. */
export type Thread = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** One thread, started when the first check comes, for the whole process. */
export class SlowChecks {
  readonly #world: World;
  readonly #start: () => Thread;
  readonly #waiting = new Map<number, (good: boolean | null) => void>();
  #worker: Thread | null = null;
  #next = 0;
  #watch: Deadline | null = null;
  #notBefore = -Infinity;
  #closed = false;

  constructor(world: World, start: () => Thread = startWorker) {
    this.#world = world;
    this.#start = start;
  }

  /** Checks that have not come to an end. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Whether the password is that of the hash; `null` where nobody can tell: too much is to be checked, or it failed. */
  check(password: string, hash: string): Promise<boolean | null> {
    if (this.#closed || this.#waiting.size >= MOST || this.#world.clock.now() < this.#notBefore) {
      return Promise.resolve(null);
    }
    const { promise, resolve } = Promise.withResolvers<boolean | null>(), id = this.#next++;
    this.#waiting.set(id, resolve);
    if (this.#watch === null) this.#expect();
    this.#thread().postMessage({ id, password, hash } satisfies PasswordJob);
    return promise;
  }

  /** Ends the thread; what waits for it is not checked. */
  close(): void {
    this.#closed = true;
    this.#end();
  }

  #thread(): Thread {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#start();
    worker.onmessage = ({ data: { id, good } }: MessageEvent<PasswordResult>) => {
      const settle = this.#waiting.get(id);
      this.#waiting.delete(id);
      this.#expect();
      settle?.(good);
    };
    worker.onerror = (event) => {
      // Else it would end the process.
      event.preventDefault();
      if (worker === this.#worker) this.#failed(event.message);
    };
    return this.#worker = worker;
  }

  /** From now on, while something waits, the next result is waited for. */
  #expect(): void {
    this.#watch?.cancel();
    this.#watch = this.#waiting.size === 0
      ? null
      : this.#world.deadlines.after(LONGEST, () => this.#failed(`no result in ${LONGEST} ms`));
  }

  #failed(error: string): void {
    this.#world.log.error("the thread that checks passwords failed; it is started anew", { error });
    this.#notBefore = this.#world.clock.now() + PAUSE;
    this.#end();
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#expect();
    for (const settle of waiting) settle(null);
  }
}

/** With the permissions of the process: a worker can have fewer only under `--unstable-worker-options`. */
function startWorker(): Thread {
  return new Worker(new URL("./password_worker.ts", import.meta.url), { type: "module" });
}
