/** An endpoint that behaves as it is told, dies and comes back. @module */

import type { Clock } from "../../src/core/clock.ts";
import { answer, type OriginConnection, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { askedBy, bodyOf, sameBytes } from "./asked.ts";
import type { Behaviour, Pace, Serving } from "./behaviour.ts";
import { Call } from "./call.ts";
import type { Journal } from "./journal.ts";
import { sendTo } from "./send_to.ts";
import { steadyPort } from "../support/steady_port.ts";

/** Where probes ask. Whoever takes connections passes: the faults are those that probes do not see. */
export const HEALTH_PATH = "/healthz";

/** Milliseconds that an endpoint waits for its proxy, well beyond the patience of any client. */
const GUARD = 60_000;

/** What an endpoint is made with. */
export interface EndpointWorld {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly journal: Journal;
}

/** One endpoint on a port of its own. Dispose of it to close everything. */
export class FaultyEndpoint implements AsyncDisposable {
  readonly port: number;
  readonly #behaviour: Behaviour;
  readonly #world: EndpointWorld;
  #up: AsyncDisposable | null = null;
  #met = 0;
  #used = Promise.withResolvers<void>();

  private constructor(behaviour: Behaviour, world: EndpointWorld) {
    this.port = steadyPort();
    this.#behaviour = behaviour;
    this.#world = world;
  }

  /** Starts one on loopback. */
  static async start(behaviour: Behaviour, world: EndpointWorld): Promise<FaultyEndpoint> {
    const endpoint = new FaultyEndpoint(behaviour, world);
    await endpoint.revive();
    return endpoint;
  }

  /** How often its fault was played: by request or connection, or by death. */
  get met(): number {
    return this.#met;
  }

  /** Resolves at the next request of a client. */
  used(): Promise<void> {
    this.#used = Promise.withResolvers();
    return this.#used.promise;
  }

  /** Goes as a process does that is killed: it listens no more, and all its connections are closed. */
  async kill(): Promise<void> {
    this.#met++;
    await this.#up?.[Symbol.asyncDispose]();
    this.#up = null;
  }

  /** Comes back on the same port. */
  async revive(): Promise<void> {
    const behaviour = this.#behaviour;
    if (behaviour.is === "dead") this.#met++;
    else if (behaviour.is === "deaf") this.#up = await this.#deafen();
    else {
      const connection = (connection: OriginConnection) => this.#serve(behaviour, connection);
      this.#up = await ScriptedOrigin.start({ connection }, { port: this.port, guardMs: GUARD });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#up?.[Symbol.asyncDispose]();
    this.#up = null;
  }

  /** Fills a queue that nobody empties: the kernel then drops every further attempt to connect. */
  async #deafen(): Promise<AsyncDisposable> {
    const address = { hostname: "127.0.0.1", port: this.port };
    const listener = Deno.listen({ ...address, tcpBacklog: 1 });
    this.#met++;
    // A queue of length 1 takes two.
    const queued = await Promise.all([Deno.connect(address), Deno.connect(address)]);
    return {
      [Symbol.asyncDispose]: () => {
        for (const conn of queued) conn.close();
        listener.close();
        return Promise.resolve();
      },
    };
  }

  async #serve(behaviour: Serving, connection: OriginConnection): Promise<void> {
    if (behaviour.greet !== undefined) {
      this.#met++;
      await behaviour.greet(connection);
    }
    while (connection.ending === null) {
      const request = await connection.nextRequest();
      if (request === null) return;
      await this.#take(behaviour, request);
      if (connection.ending === null) await request.body();
    }
  }

  async #take(behaviour: Serving, request: OriginRequest): Promise<void> {
    const { clock, pace, journal } = this.#world, asked = askedBy(request.target);
    if (asked === null) {
      await request.body();
      return await sendTo(request.connection, request.target === HEALTH_PATH ? answer(200, "ok") : answer(404));
    }
    const struck = behaviour.strikes?.(asked) ?? true, call = new Call(asked, request, clock);
    journal.arrived(asked);
    this.#used.resolve();
    if (!(struck && behaviour.early)) {
      const { bytes } = await request.body();
      if (!sameBytes(bytes, bodyOf(asked))) journal.bodyWrong();
    }
    if (!struck) return await call.well();
    if (!behaviour.harmless) this.#met++;
    await behaviour.answer(call, pace);
  }
}
