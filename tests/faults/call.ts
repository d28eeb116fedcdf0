/** A request at a faulty endpoint, and what a well one would answer. @module */

import type { Clock } from "../../src/core/clock.ts";
import { toText } from "../support/latin1.ts";
import type { OriginConnection, OriginRequest } from "../support/scripted_origin.ts";
import { answerTo, type Asked, inChunks, KINDS } from "./asked.ts";
import { sendTo } from "./send_to.ts";

/** How an answer's end is found. */
export type Framing = "length" | "chunked";

/** One request to be answered, well or not. */
export class Call {
  readonly asked: Asked;
  readonly #request: OriginRequest;
  readonly #clock: Clock;

  constructor(asked: Asked, request: OriginRequest, clock: Clock) {
    this.asked = asked;
    this.#request = request;
    this.#clock = clock;
  }

  get connection(): OriginConnection {
    return this.#request.connection;
  }

  /** How a well endpoint frames it. */
  get framing(): Framing {
    return KINDS[this.asked.kind].chunked ? "chunked" : "length";
  }

  /** The head of a 200. `longer` is added to the length that it tells. */
  head(framing: Framing = this.framing, longer = 0, ...fields: string[]): string {
    const length = KINDS[this.asked.kind].takes + longer;
    const how = framing === "length" ? `content-length: ${length}` : "transfer-encoding: chunked";
    return ["HTTP/1.1 200 OK", "content-type: application/octet-stream", how, ...fields, "", ""].join("\r\n");
  }

  /** The body with its framing. */
  body(framing: Framing = this.framing): string {
    const bytes = answerTo(this.asked);
    return toText(framing === "length" ? bytes : inChunks(bytes));
  }

  /** Answers as it should be. */
  async well(...fields: string[]): Promise<void> {
    await this.send(this.head(this.framing, 0, ...fields) + this.body());
  }

  /** Sends bytes, one character each. */
  send(text: string): Promise<void> {
    return sendTo(this.connection, text);
  }

  /** Does nothing until the other side is gone. */
  async hang(): Promise<void> {
    await this.connection.gone();
  }

  /** Lets time pass, or less where the other side leaves meanwhile. */
  pause(ms: number): Promise<void> {
    return pauseOn(this.connection, this.#clock, ms);
  }
}

/** Lets time pass, or less where the connection ends meanwhile. */
export async function pauseOn(connection: OriginConnection, clock: Clock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(ms, resolve);
  try {
    await Promise.race([promise, connection.gone()]);
  } finally {
    cancel();
  }
}
