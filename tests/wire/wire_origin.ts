/** The origin of one case: it plays the row's part and keeps every byte that it was sent. @module */

import { type MessageBody, requestFraming } from "../support/http_message.ts";
import { answer, type OriginConnection, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import { WireError } from "../support/wire.ts";
import { isProbe, PROBE_ANSWER } from "./probe.ts";
import type { OriginPlay, Row } from "./row.ts";
import type { Stage } from "./stage.ts";

/** A request that reached the origin. */
export interface ReceivedRequest {
  readonly request: OriginRequest;
  /** `null` while its body has not come to its end. */
  body: MessageBody | null;
}

/** The origin; dispose of it when the gateway has stopped. */
export class WireOrigin implements AsyncDisposable {
  readonly received: ReceivedRequest[] = [];
  /** What the scripts did wrong, and requests that are no HTTP. */
  readonly failures: unknown[] = [];
  readonly #play: OriginPlay;
  readonly #stage = Promise.withResolvers<Stage>();
  #origin!: ScriptedOrigin;

  /** @param port one that is free. @default any */
  static async start(row: Row, port?: number): Promise<WireOrigin> {
    const self = new WireOrigin(row.origin);
    self.#origin = await ScriptedOrigin.start({ connection: (connection) => self.#serve(connection) }, { port });
    return self;
  }

  private constructor(play: Row["origin"] = answer(200, "ok")) {
    this.#play = typeof play === "function" ? play : answers(typeof play === "string" ? [play] : play, this.received);
  }

  get url(): string {
    return this.#origin.url;
  }

  /** Every connection that was made to it. */
  get connections(): readonly OriginConnection[] {
    return this.#origin.connections;
  }

  /** The stage is set: scripts may use it. */
  enter(stage: Stage): void {
    this.#stage.resolve(stage);
  }

  /** The request at this place in order of arrival, probes aside, when its head has come. */
  async request(index: number): Promise<OriginRequest> {
    await until(() => this.received.length > index, `request ${index} at the origin`);
    return this.received[index].request;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#origin[Symbol.asyncDispose]();
  }

  async #serve(connection: OriginConnection): Promise<void> {
    try {
      for (let next = await connection.nextRequest(); next !== null; next = await connection.nextRequest()) {
        if (isProbe(next.target)) await next.send(PROBE_ANSWER);
        else await this.#answer(next);
        if (connection.ending !== null) return;
      }
    } catch (error) {
      // A peer that goes away in the middle is the subject of many cases; `broken` says whether it may.
      if (!(error instanceof WireError && error.ending !== null)) this.failures.push(error);
    }
  }

  async #answer(request: OriginRequest): Promise<void> {
    const received: ReceivedRequest = { request, body: null };
    this.received.push(received);
    if (requestFraming(request.head).kind === "none") received.body = await request.body();
    await this.#play(request, await this.#stage.promise);
    received.body = await request.body();
  }
}

/** Reads each request and sends its answer, the last one again for all that follow. */
function answers(texts: readonly string[], received: readonly ReceivedRequest[]): OriginPlay {
  return async (request) => {
    const index = received.findIndex((one) => one.request === request);
    await request.body();
    await request.send(texts[Math.min(index, texts.length - 1)]);
  };
}
