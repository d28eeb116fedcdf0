/** The body of an attempt's answer. @module */

import { BodyError, type BodySource } from "../core/body.ts";
import { bodyOutcome, NOBODYS, type OutcomeCode } from "./outcome_set.ts";

/** Who is told, once, that the answer is over. */
export interface AnswerEnd {
  end(code: OutcomeCode): void;
}

/** Statuses from here on count even if nobody takes their bodies. */
const FIRST_ERROR = 400;

/** Its end, as it comes or as the client wants it, is the attempt's. */
export class AttemptBody implements BodySource {
  readonly #attempt: AnswerEnd;
  readonly #source: BodySource;
  readonly #code: OutcomeCode;
  #expired = false;
  #reading = false;

  constructor(attempt: AnswerEnd, source: BodySource, code: OutcomeCode) {
    this.#attempt = attempt;
    this.#source = source;
    this.#code = code;
  }

  get length(): number | undefined {
    return this.#source.length;
  }

  get trailers(): readonly string[] | null {
    return this.#source.trailers ?? null;
  }

  read(into: Uint8Array): number | Promise<number> {
    // What a source that was cancelled says would look like a clean end.
    if (this.#expired) return Promise.reject(expiry());
    const count = this.#source.read(into);
    if (typeof count !== "number") return this.#arriving(count);
    if (count === 0) this.#attempt.end(this.#code);
    return count;
  }

  cancel(): void {
    this.#source.cancel();
    this.#attempt.end(this.#code < FIRST_ERROR ? NOBODYS : this.#code);
  }

  /** Breaks off. @param code what the attempt counts as, if it is the endpoint that is waited for and not the client */
  expire(code: OutcomeCode): void {
    this.#expired = true;
    this.#source.cancel();
    this.#attempt.end(this.#reading ? code : NOBODYS);
  }

  async #arriving(reading: Promise<number>): Promise<number> {
    this.#reading = true;
    try {
      const count = await reading;
      if (this.#expired) throw expiry();
      if (count === 0) this.#attempt.end(this.#code);
      return count;
    } catch (error) {
      const told = this.#expired ? expiry() : error;
      this.#attempt.end(told instanceof BodyError ? bodyOutcome(told) : NOBODYS);
      throw told;
    } finally {
      this.#reading = false;
    }
  }
}

function expiry(): BodyError {
  return new BodyError("endpoint-timeout", "the time for the whole request is over");
}
