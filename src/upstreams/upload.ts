/** The body of a request on its way to an endpoint. @module */

import type { BodySource } from "../core/body.ts";

/** Tells whether the client is waited for: what takes too long then is not the endpoint's doing. */
export class Upload implements BodySource {
  readonly #source: BodySource;
  #reading = false;

  constructor(source: BodySource) {
    this.#source = source;
  }

  /** Whether the next piece has not come yet. */
  get waits(): boolean {
    return this.#reading;
  }

  get length(): number | undefined {
    return this.#source.length;
  }

  get trailers(): readonly string[] | null {
    return this.#source.trailers ?? null;
  }

  read(into: Uint8Array): number | Promise<number> {
    const count = this.#source.read(into);
    return typeof count === "number" ? count : this.#arriving(count);
  }

  cancel(): void {
    this.#source.cancel();
  }

  async #arriving(reading: Promise<number>): Promise<number> {
    this.#reading = true;
    try {
      return await reading;
    } finally {
      this.#reading = false;
    }
  }
}
