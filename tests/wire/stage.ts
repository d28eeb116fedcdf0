/** What both scripts of an interactive case meet on. @module */

import type { FakeClock } from "../support/fake_clock.ts";
import { RawClient } from "../support/raw_client.ts";
import { until } from "../support/until.ts";
import type { WireOrigin } from "./wire_origin.ts";

/** The client's wire, the origin and the gateway's clock, and cues that one script gives the other. */
export class Stage implements AsyncDisposable {
  readonly #others: RawClient[] = [];
  readonly #cues = new Map<string, PromiseWithResolvers<void>>();

  constructor(
    readonly client: RawClient,
    readonly clock: FakeClock,
    readonly port: number,
    readonly origin: WireOrigin,
  ) {}

  /** One more client, which is closed at the end of the case. */
  async another(): Promise<RawClient> {
    const client = await RawClient.connect(this.port);
    this.#others.push(client);
    return client;
  }

  /** Waits until this text stands in what the client received, and takes nothing. */
  received(text: string): Promise<void> {
    return until(() => this.client.receivedText.includes(text), `${JSON.stringify(text)} at the client`);
  }

  /** Waits until this text stands in what the origin received. */
  arrived(text: string): Promise<void> {
    const there = () => this.origin.connections.some(({ receivedText }) => receivedText.includes(text));
    return until(there, `${JSON.stringify(text)} at the origin`);
  }

  /** Lets whoever waits for this cue go on, now or later. */
  cue(name = "go"): void {
    this.#cue(name).resolve();
  }

  /** Waits for a cue. */
  on(name = "go"): Promise<void> {
    return this.#cue(name).promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#others) await client.close();
    await this.client.close();
  }

  #cue(name: string): PromiseWithResolvers<void> {
    let cue = this.#cues.get(name);
    if (cue === undefined) this.#cues.set(name, cue = Promise.withResolvers());
    return cue;
  }
}
