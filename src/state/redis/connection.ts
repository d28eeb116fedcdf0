/** One connection to Redis, from its making to its end. @module */

import type { Cancel, Clock } from "../../core/clock.ts";
import type { RedisClient } from "./redis_client.ts";

/** Milliseconds for a connection to be made and to prove itself. */
const PATIENCE = 5000;

/** What a connection is made of. */
export interface ConnectionParts {
  make(): Promise<RedisClient>;
  /** Rejects where Redis cannot be used, though it is there. */
  check(client: RedisClient): Promise<unknown>;
  readonly clock: Clock;
  /** It can be used. */
  onUp(client: RedisClient): void;
  /** It ended, or never came to be. Told once, at the latest by {@link Connection.end}. */
  onEnd(reason: string): void;
}

/** It never comes back: whoever wants another makes one. */
export class Connection {
  readonly #parts: ConnectionParts;
  readonly #cancel: Cancel;
  #client: RedisClient | null = null;
  /** The last thing that went wrong, which tells more than that the connection closed. */
  #trouble: string | null = null;
  #over = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#cancel = parts.clock.after(PATIENCE, () => this.end(this.#trouble ?? `not connected within ${PATIENCE}ms`));
    void this.#start();
  }

  /** Ends it. What waits for an answer of it is rejected. */
  end(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancel();
    this.#client?.disconnect();
    this.#parts.onEnd(reason);
  }

  async #start(): Promise<void> {
    const { make, check, onUp } = this.#parts;
    try {
      const client = await make();
      if (this.#over) return;
      this.#client = client;
      client.on("error", (error: Error) => this.#trouble = textOf(error));
      client.on("end", () => this.end(this.#trouble ?? "the connection was closed"));
      await client.connect();
      await check(client);
      if (this.#over) return;
      this.#cancel();
      this.#trouble = null;
      onUp(client);
    } catch (error) {
      this.end(this.#trouble ?? textOf(error as Error));
    }
  }
}

/** In words: of a cluster's failure what its last node said, and a code where there are no words. */
function textOf(error: Error & { readonly code?: string; readonly lastNodeError?: Error }): string {
  if (error.lastNodeError instanceof Error) return textOf(error.lastNodeError);
  return error.message || error.code || error.name;
}
