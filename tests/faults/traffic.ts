/** Clients that ask one thing after another while endpoints fail. @module */

import type { Clock } from "../../src/core/clock.ts";
import { turn } from "../support/turn.ts";
import { Asker } from "./ask.ts";
import type { Asked, Kind } from "./asked.ts";
import type { Observation } from "./observation.ts";

/** How much is asked, by whom, and where. */
export interface TrafficPlan {
  /** The proxy's port. */
  readonly port: number;
  readonly clients: number;
  /** Requests of all clients together. */
  readonly requests: number;
  /** Milliseconds that a client rests between two requests; 0: a turn of the event loop. */
  readonly rest: number;
  /** Milliseconds after which no more is asked; `null`: when all has been. */
  readonly limit: number | null;
  /** Milliseconds that a client waits for a whole answer. */
  readonly patience: number;
  /** What is asked, in turn. */
  readonly kinds: readonly Kind[];
}

/** What a run gave. */
export interface Told {
  readonly observations: readonly Observation[];
  /** Whether the story came to its end before the time was over. */
  readonly whole: boolean;
}

/** A run of traffic. */
export class Traffic {
  readonly #plan: TrafficPlan;
  readonly #clock: Clock;
  readonly #seen: Observation[] = [];
  readonly #waiting = new Set<{ readonly at: number; readonly resolve: () => void }>();
  readonly #ended = Promise.withResolvers<void>();
  #asked = 0;
  #over = false;
  #telling = false;

  constructor(plan: TrafficPlan, clock: Clock) {
    this.#plan = plan;
    this.#clock = clock;
  }

  /** Resolves when no more is asked. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Resolves when a share of all requests (0 to 1) has been sent since now, or when no more is asked. */
  async pass(share: number): Promise<void> {
    const at = this.#asked + Math.max(1, Math.round(this.#plan.requests * share));
    if (!this.#over) await new Promise<void>((resolve) => this.#waiting.add({ at, resolve }));
  }

  /** Lets the clients ask until the story is told. Gives what became of each request, in the order of their ends. */
  async run(story: (() => Promise<void>) | null): Promise<Told> {
    const { limit, clients } = this.#plan;
    const cancel = limit === null ? () => {} : this.#clock.after(limit, () => this.#end());
    let whole = true;
    const tell = async () => {
      this.#telling = true;
      await story?.();
      this.#telling = false;
      whole = !this.#over;
    };
    await Promise.all([tell(), ...Array.from({ length: clients }, () => this.#client())]);
    cancel();
    this.#end();
    return { observations: this.#seen, whole };
  }

  async #client(): Promise<void> {
    const { port, patience } = this.#plan, clock = this.#clock;
    let asker: Asker | null = null;
    for (let asked = this.#next(); asked !== null; asked = this.#next()) {
      if (asker?.usable !== true) {
        await asker?.close();
        asker = await Asker.connect(port);
      }
      const start = clock.now(), seen = await asker?.ask(asked, clock, patience) ?? { end: "cut" as const };
      this.#seen.push({ asked, seen, ms: clock.now() - start });
      await this.#rest();
    }
    await asker?.close();
  }

  #next(): Asked | null {
    const { requests, kinds } = this.#plan;
    if (this.#over) return null;
    if (this.#asked >= requests && !this.#telling) {
      this.#end();
      return null;
    }
    const id = ++this.#asked;
    for (const waiting of this.#waiting) {
      if (id < waiting.at) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
    return { id, kind: kinds[id % kinds.length] };
  }

  #end(): void {
    this.#over = true;
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
    this.#ended.resolve();
  }

  #rest(): Promise<void> {
    const { rest } = this.#plan;
    return rest === 0 ? turn() : new Promise((resolve) => this.#clock.after(rest, resolve));
  }
}
