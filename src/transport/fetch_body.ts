/** The body of an answer that `fetch` gave. @module */

import { BodyError, type BodySource } from "../core/body.ts";
import type { TimerWheel } from "../core/timer_wheel.ts";
import { StreamSource } from "../http/stream_source.ts";

/** The request that the body answers. */
export interface FetchBodyOwner {
  /** Why the request was given up under its answer, where its own body broke off. */
  readonly requestFailure: BodyError | null;
  /** The body has ended, broken off or been given up. */
  bodyOver(): void;
}

/** Counts what comes against the length that was promised: the runtime takes some resets for an end. */
export class FetchBody implements BodySource {
  readonly length: number | undefined;
  readonly #source: StreamSource;
  readonly #owner: FetchBodyOwner;
  readonly #deadlines: TimerWheel;
  readonly #idleTimeout: number;
  #timedOut = false;

  constructor(
    stream: ReadableStream<Uint8Array>,
    length: number | undefined,
    owner: FetchBodyOwner,
    deadlines: TimerWheel,
    idleTimeout: number,
  ) {
    this.length = length;
    this.#source = new StreamSource(stream.getReader(), { fault: "endpoint", length });
    this.#owner = owner;
    this.#deadlines = deadlines;
    this.#idleTimeout = idleTimeout;
  }

  read(into: Uint8Array): number | Promise<number> {
    const count = this.#source.read(into);
    return typeof count === "number" ? count : this.#arriving(count);
  }

  cancel(): void {
    this.#source.cancel();
    this.#owner.bodyOver();
  }

  async #arriving(reading: Promise<number>): Promise<number> {
    const deadline = this.#deadlines.after(this.#idleTimeout, () => {
      this.#timedOut = true;
      this.cancel();
    });
    try {
      const count = await reading;
      if (this.#timedOut) throw this.#stalled();
      if (count === 0) this.#owner.bodyOver();
      return count;
    } catch (error) {
      this.#owner.bodyOver();
      throw this.#timedOut ? this.#stalled() : this.#owner.requestFailure ?? error;
    } finally {
      deadline.cancel();
    }
  }

  #stalled(): BodyError {
    return new BodyError("endpoint-timeout", `no byte of the body for ${this.#idleTimeout} ms`);
  }
}
