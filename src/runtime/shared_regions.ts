/** Memory that the threads of this process have in common, by name. @module */

import type { Regions } from "../core/store.ts";

/** Regions that are there for as long as this object is: nobody can know whether another thread still counts in one. */
export class SharedRegions implements Regions {
  readonly #regions = new Map<string, SharedArrayBuffer>();

  /** @throws TypeError when it was asked for before with another length */
  region(name: string, bytes: number): SharedArrayBuffer {
    let region = this.#regions.get(name);
    if (region === undefined) this.#regions.set(name, region = new SharedArrayBuffer(bytes));
    if (region.byteLength === bytes) return region;
    throw new TypeError(`the region ${name} has ${region.byteLength} bytes, not ${bytes}`);
  }
}
