/** What the gateway's HTTP/1.1 client makes of an origin's bytes. @module */

import { Buffer } from "node:buffer";
import { type Body, BodyError, isBodySource } from "../../../src/core/body.ts";
import { TransportHarness } from "../../../tests/transport/harness.ts";
import type { Answer } from "../models/response_model.ts";
import { GivenSocket } from "./given_socket.ts";

/** Codes of outcomes that say: the origin's answer was not acceptable. */
const REFUSED: ReadonlySet<string> = new Set(["upstream_protocol_error", "upstream_reset", "upstream_head_too_large"]);

/** One client for many answers, as in the gateway; each comes over a connection of its own. */
export class ClientAnswers {
  #socket = new GivenSocket("", []);
  readonly #client = new TransportHarness(1, { connect: () => Promise.resolve(this.#socket) });
  readonly #buffer = Buffer.alloc(333);

  /**
   * Lets the client read `text`, which arrives in pieces that end at `cuts`, in answer to `method`.
   * @returns `null` where it refused the answer, before or in its body
   * @throws Error on any other outcome
   */
  async read(text: string, cuts: readonly number[], method: string): Promise<Answer | null> {
    this.#socket = new GivenSocket(text, cuts);
    try {
      return await this.#answer(method);
    } finally {
      // The origin has closed: a connection that stays would be one that leaks.
      while (this.#client.pool.size > 0) await Promise.resolve();
    }
  }

  async #answer(method: string): Promise<Answer | null> {
    const outcome = await this.#client.send(method);
    if (!outcome.ok) {
      if (REFUSED.has(outcome.code)) return null;
      throw new Error(`the outcome is ${outcome.code}`, { cause: outcome.cause });
    }
    const { status, headers, body } = outcome.reply;
    try {
      const data = await this.#data(body), trailers = isBodySource(body) ? body.trailers ?? [] : [];
      return { status, fields: headers.flat(), body: data, trailers };
    } catch (error) {
      if (error instanceof BodyError && error.fault === "endpoint") return null;
      throw error;
    }
  }

  async #data(body: Body): Promise<string> {
    if (!isBodySource(body)) return body === null ? "" : Buffer.from(body).toString("latin1");
    const buffer = this.#buffer;
    let data = "";
    for (let count = await body.read(buffer); count > 0; count = await body.read(buffer)) {
      data += buffer.toString("latin1", 0, count);
    }
    return data;
  }
}
