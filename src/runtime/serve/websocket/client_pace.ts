/** How fast a client takes what the runtime's socket was given. @module */

import type { Cancel, Clock } from "../../../core/clock.ts";

/** Milliseconds between two looks: doubled up to the last. No event tells when a client has read. */
const FIRST_LOOK = 1, LAST_LOOK = 64;

/** Tells when a client has fallen behind, and when it has caught up. */
export class ClientPace {
  readonly #socket: WebSocket;
  readonly #most: number;
  readonly #clock: Clock;
  #cancelLook: Cancel | null = null;

  /** @param most bytes that may wait for the client */
  constructor(socket: WebSocket, most: number, clock: Clock) {
    this.#socket = socket;
    this.#most = most;
    this.#clock = clock;
  }

  /** Whether more waits for the client than may. For one that is closed nothing does. */
  get behind(): boolean {
    return this.#socket.bufferedAmount > this.#most;
  }

  /** Waits for the client. @param moved called when it has taken some */
  async caughtUp(moved: () => void): Promise<void> {
    let before = Infinity;
    for (let pause = FIRST_LOOK; this.behind; pause = Math.min(2 * pause, LAST_LOOK)) {
      await new Promise<void>((resolve) => this.#cancelLook = this.#clock.after(pause, resolve));
      const buffered = this.#socket.bufferedAmount;
      if (buffered < before) moved();
      before = buffered;
    }
  }

  /** Looks no more: whoever waits is left waiting. */
  stop(): void {
    this.#cancelLook?.();
  }
}
