/** Numbers that a controller may turn. @module */

import type { BuildEnv, Knob, KnobRange } from "../core/build_env.ts";

class TurnableKnob implements Knob {
  constructor(readonly id: string, public value: number, public initial: number, public range: KnobRange) {}
}

/** Every knob of the process by id. They outlive plans: what was learnt under one config holds for the next. */
export class Knobs {
  readonly #knobs = new Map<string, TurnableKnob>();

  /** As {@link BuildEnv.knob}. */
  readonly knob: BuildEnv["knob"] = (id, initial, range) => {
    const kept = this.#knobs.get(id);
    if (kept === undefined) {
      const knob = new TurnableKnob(id, clamp(initial, range), initial, range);
      this.#knobs.set(id, knob);
      return knob;
    }
    if (kept.initial !== initial) kept.value = kept.initial = initial;
    kept.range = range;
    kept.value = clamp(kept.value, range);
    return kept;
  };

  /** Every knob, for whoever shows or turns them. */
  list(): readonly Knob[] {
    return [...this.#knobs.values()];
  }

  /** Turns a knob as far as its range allows. @returns whether there is one of this id */
  turn(id: string, value: number): boolean {
    const knob = this.#knobs.get(id);
    if (knob !== undefined) knob.value = clamp(value, knob.range);
    return knob !== undefined;
  }
}

function clamp(value: number, { min, max }: KnobRange): number {
  return Math.min(Math.max(value, min), max);
}
