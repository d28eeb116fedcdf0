/** Places for requests under way, so many for each key, and the lines of those who wait for one. @module */

import type { Knob } from "../../../core/build_env.ts";
import type { Abandonable } from "../../../core/exchange.ts";
import type { Deadline, TimerWheel } from "../../../core/timer_wheel.ts";
import { type InLine, WaitingLine } from "./waiting_line.ts";

/** How long a line may be, and how long one may stand in it. */
export interface LineLimits {
  readonly queue: number;
  /** Milliseconds. */
  readonly queueTimeout: number;
}

/** One key's places. Without requests there is none. */
interface Lane {
  readonly key: string;
  active: number;
  readonly line: WaitingLine<Place>;
}

/** The places of every key. A key is remembered as long as something of it is under way or waits. */
export class Places {
  readonly #bound: Pick<Knob, "value">;
  readonly #lanes = new Map<string, Lane>();

  /** @param bound places for each key, at least 1; it may change at any time */
  constructor(bound: Pick<Knob, "value">) {
    this.#bound = bound;
  }

  /** Keys that are remembered. */
  get keys(): number {
    return this.#lanes.size;
  }

  /** Requests of a key that are under way. */
  active(key: string): number {
    return this.#lanes.get(key)?.active ?? 0;
  }

  /** Requests of a key that wait. */
  waiting(key: string): number {
    return this.#lanes.get(key)?.line.size ?? 0;
  }

  /** A place for one request, held or waited for; `null` when the line is full too. */
  enter(key: string, { queue, queueTimeout }: LineLimits, deadlines: TimerWheel): Place | null {
    const lane = this.#laneOf(key);
    // The bound may have been raised since: who waits comes first.
    this.#letIn(lane);
    if (lane.active < this.#bound.value) {
      lane.active++;
      return new Place(this, lane);
    }
    if (lane.line.size >= queue) return null;
    const place = new Place(this, lane);
    place.wait(deadlines, queueTimeout);
    return place;
  }

  /** For a place that is given back: it goes to the next in line in the same moment. */
  vacate(lane: Lane): void {
    lane.active--;
    this.#letIn(lane);
    if (lane.active === 0) this.#lanes.delete(lane.key);
  }

  #letIn(lane: Lane): void {
    while (lane.line.size > 0 && lane.active < this.#bound.value) {
      lane.active++;
      lane.line.shift()!.grant();
    }
  }

  #laneOf(key: string): Lane {
    let lane = this.#lanes.get(key);
    if (lane === undefined) this.#lanes.set(key, lane = { key, active: 0, line: new WaitingLine() });
    return lane;
  }
}

/** One request's place: held from the start or from a later moment on, and given back once. */
export class Place implements Abandonable, InLine {
  ahead: InLine | null = null;
  behind: InLine | null = null;
  readonly #places: Places;
  readonly #lane: Lane;
  #held = true;
  #over = false;
  #deadline: Deadline | null = null;
  #settle: (() => void) | null = null;
  #settled: Promise<void> | null = null;

  constructor(places: Places, lane: Lane) {
    this.#places = places;
    this.#lane = lane;
  }

  /** Whether the request may go on. */
  get held(): boolean {
    return this.#held && !this.#over;
  }

  /** Resolves when it is held, or never will be; `null` when it need not be waited for. */
  get settled(): Promise<void> | null {
    return this.#settled;
  }

  /** For {@link Places}: stands in line from now on. */
  wait(deadlines: TimerWheel, ms: number): void {
    this.#held = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#settled = promise;
    this.#settle = resolve;
    this.#lane.line.join(this);
    this.#deadline = deadlines.after(ms, () => this.abandon());
  }

  /** For {@link Places}: it is this one's turn. */
  grant(): void {
    this.#held = true;
    this.#deadline?.cancel();
    this.#settle?.();
  }

  /** The request is over, or is not waited for any longer. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#held) return this.#places.vacate(this.#lane);
    this.#lane.line.leave(this);
    this.#deadline?.cancel();
    this.#settle?.();
  }
}
