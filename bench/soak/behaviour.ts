/** What a client does. @module */

import type { Xorshift } from "../fuzz/generate/xorshift.ts";
import type { Tally } from "./tally.ts";

/** Where clients live. */
export interface World {
  /** The gateway's port on 127.0.0.1. */
  readonly port: number;
  readonly tally: Tally;
  /** A number for a body that nobody else has. */
  nextId(): number;
}

/** One way of using the gateway, well or badly. */
export interface Behaviour {
  readonly id: string;
  /** How often it is chosen, against the others. */
  readonly weight: number;
  /** Does it once. What it throws is judged by {@link World.tally}'s outages. */
  run(world: World, random: Xorshift): Promise<void>;
}
