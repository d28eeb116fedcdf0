/** The clients: loops that choose what to do, and do it. @module */

import { Xorshift } from "../fuzz/generate/xorshift.ts";
import type { Behaviour, World } from "./behaviour.ts";
import { BEHAVIOURS } from "./behaviours.ts";
import { Cut } from "./connection.ts";
import type { Pace } from "./pace.ts";
import type { Tally } from "./tally.ts";

/** Milliseconds after which what a client does counts as stuck. */
const STUCK_MS = 60_000;

/** Many clients of one gateway. */
export class Clients implements World {
  readonly port: number;
  readonly tally: Tally;
  readonly #pace: Pace;
  readonly #seed: number;
  #id = 0;
  #running = true;

  constructor(port: number, tally: Tally, pace: Pace, seed: number) {
    this.port = port;
    this.tally = tally;
    this.#pace = pace;
    this.#seed = seed;
  }

  readonly nextId = (): number => this.#id++;

  /** Runs so many loops; resolves when {@link stop} was called and all of them have finished what they did. */
  async run(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, at) => this.#loop(new Xorshift(this.#seed, at))));
  }

  /** No loop begins anything more. */
  stop(): void {
    this.#running = false;
  }

  async #loop(random: Xorshift): Promise<void> {
    for (;;) {
      await this.#pace.turn();
      if (!this.#running) return;
      await this.#once(chosen(random), random);
    }
  }

  async #once(behaviour: Behaviour, random: Xorshift): Promise<void> {
    const { tally } = this, since = Date.now();
    tally.behaviours.set(behaviour.id, (tally.behaviours.get(behaviour.id) ?? 0) + 1);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stuck = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`stuck for ${STUCK_MS / 1000} s`)), STUCK_MS);
    });
    try {
      await Promise.race([behaviour.run(this, random), stuck]);
    } catch (error) {
      if (error instanceof Cut && tally.wasAway(since, Date.now())) tally.cut++;
      else tally.fault(`${behaviour.id}: ${error instanceof Error ? error.message : error}`);
    } finally {
      clearTimeout(timer);
    }
  }
}

const ALL = BEHAVIOURS.reduce((sum, { weight }) => sum + weight, 0);

function chosen(random: Xorshift): Behaviour {
  let left = random.below(ALL);
  return BEHAVIOURS.find(({ weight }) => (left -= weight) < 0)!;
}
