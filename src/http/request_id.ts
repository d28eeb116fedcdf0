/** The id that follows a request through logs, upstreams and back to the client. @module */

const MAX_LENGTH = 128;

/** Safe in a header, a log line, a URL and a shell. */
const ID = /^[A-Za-z0-9._-]+$/;

/** Whose ids are taken over. */
export interface RequestIdOptions {
  /** `"any"`: from every client; `"trusted"`: only from trusted proxies. */
  readonly accept: "trusted" | "any";
}

/**
 * Takes over ids that arrive and makes new ones: a random prefix of this instance and a counter. They are unique, not
 * secret: one id lets the next be guessed.
 */
export class RequestIds {
  readonly #acceptAny: boolean;
  readonly #prefix: string;
  #count = 0;

  /** @param prefix of new ids; 80 random bits by default, so that processes and workers cannot meet. */
  constructor(options: RequestIdOptions, prefix: string = randomPrefix()) {
    this.#acceptAny = options.accept === "any";
    this.#prefix = prefix + "-";
  }

  /**
   * The request's id: `incoming` where it is accepted and valid (1–128 of `[A-Za-z0-9._-]`), else a new one.
   * @param incoming the field's combined value
   * @param trusted whether the peer is a trusted proxy
   */
  take(incoming: string | null, trusted: boolean): string {
    if (incoming !== null && (this.#acceptAny || trusted) && isRequestId(incoming)) return incoming;
    return this.#prefix + ++this.#count;
  }
}

/** Whether the text can be taken over as an id. */
export function isRequestId(text: string): boolean {
  return text.length <= MAX_LENGTH && ID.test(text);
}

/** The first 32 and the last 48 bits of a version 4 UUID: all of them are random. */
function randomPrefix(): string {
  const uuid = crypto.randomUUID();
  return uuid.slice(0, 8) + uuid.slice(-12);
}
