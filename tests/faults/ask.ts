/** One request of a client that is patient for so long. @module */

import type { Clock } from "../../src/core/clock.ts";
import { responseFraming } from "../support/http_message.ts";
import { RawClient, type RawResponse } from "../support/raw_client.ts";
import { WireError } from "../support/wire.ts";
import { answerTo, type Asked, KINDS, requestOf, sameBytes } from "./asked.ts";
import type { Seen } from "./observation.ts";

/** Beyond any patience: the clock ends a wait, not the wire's own guard. */
const GUARD = 600_000;

/** A client's connection to the proxy. */
export class Asker {
  readonly #client: RawClient;
  #kept = true;

  private constructor(client: RawClient) {
    this.#client = client;
  }

  /** Connects, or gives `null` where nobody takes the connection. */
  static async connect(port: number): Promise<Asker | null> {
    try {
      return new Asker(await RawClient.connect(port, { guardMs: GUARD }));
    } catch {
      return null;
    }
  }

  /** Whether another request may be sent. */
  get usable(): boolean {
    return this.#kept && this.#client.ending === null;
  }

  /** Sends a request and takes its answer, which may come while the body is still being sent. */
  async ask(asked: Asked, clock: Clock, patience: number): Promise<Seen> {
    const client = this.#client, { method } = KINDS[asked.kind];
    let hung = false, sent = false;
    const cancel = clock.after(patience, () => {
      hung = true;
      void client.close();
    });
    // What became of the request is in the answer.
    client.send(...requestOf(asked)).then(() => sent = true, () => {});
    try {
      const response = await client.response(method);
      this.#kept = sent && staysOpen(response, method);
      return { end: "answer", status: response.status, right: sameBytes(response.body, answerTo(asked)) };
    } catch (error) {
      this.#kept = false;
      if (hung) return { end: "hung" };
      if (!(error instanceof WireError)) throw error;
      return { end: error.ending === null ? "malformed" : "cut" };
    } finally {
      cancel();
    }
  }

  /** Closes. */
  close(): Promise<void> {
    return this.#client.close();
  }
}

function staysOpen(response: RawResponse, method: string): boolean {
  return !/\bclose\b/i.test(response.header("connection") ?? "") &&
    responseFraming(response.head, method).kind !== "close";
}
