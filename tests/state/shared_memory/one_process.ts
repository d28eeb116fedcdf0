/** Memory of one process, for tests. @module */

import type { Regions } from "../../../src/core/store.ts";

/** Regions by name, which every thread can be given. */
export class OneProcess implements Regions {
  constructor(readonly made: Map<string, SharedArrayBuffer> = new Map()) {}

  region(name: string, bytes: number): SharedArrayBuffer {
    let region = this.made.get(name);
    if (region === undefined) this.made.set(name, region = new SharedArrayBuffer(bytes));
    return region;
  }
}
