/** What becomes of each request of the poison test: made from its number alone, so that client and origin agree. @module */

/** Random numbers from a seed (Marsaglia 2003, xorshift32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  }

  /** 32 bits. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return this.#state = x >>> 0;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** Cuts bytes into pieces: mostly one, now and then many. */
  split(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const cuts = this.chance(50) ? 0 : 1 + this.below(5), tiny = this.chance(30);
    let at = 0;
    for (let i = 0; i < cuts && at < bytes.length - 1; i++) {
      const end = at + 1 + this.below(tiny ? Math.min(40, bytes.length - at) : bytes.length - at);
      pieces.push(bytes.subarray(at, end));
      at = end;
    }
    if (at < bytes.length) pieces.push(bytes.subarray(at));
    return pieces;
  }
}

/** How the origin treats one request. */
export type Fate =
  /** The answer is whole. */
  | "whole"
  /** Whole, and bytes that look like an answer to somebody else come right behind it. */
  | "leftover"
  /** The connection ends in the middle of the body, or resets. */
  | "broken"
  /** The connection ends before the head. */
  | "mute"
  /** Answered before the request's body is read, and closed. */
  | "early";

/** One request and its answer. */
export interface Plan {
  readonly id: number;
  /** The request's body. */
  readonly size: number;
  readonly chunkedRequest: boolean;
  readonly chunkedAnswer: boolean;
  readonly fate: Fate;
}

const LARGEST = 200_000;

/** The plan of request `id`. */
export function planOf(id: number): Plan {
  const dice = new Dice(id + 1), fate = dice.below(100);
  const size = dice.chance(20) ? 0 : dice.chance(60) ? dice.below(3_000) : dice.below(LARGEST);
  return {
    id,
    size,
    chunkedRequest: size > 0 && dice.chance(50),
    chunkedAnswer: dice.chance(50),
    fate: fate < 86 ? "whole" : fate < 90 ? "leftover" : fate < 94 ? "broken" : fate < 96 ? "mute" : "early",
  };
}

/** The body of request `id`: bytes that no other request has, wherever one looks. */
export function bodyOf({ id, size }: Plan): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4)), dice = new Dice(~id);
  for (let i = 0; i < words.length; i++) words[i] = dice.next();
  return new Uint8Array(words.buffer, 0, size);
}

/** What answers request `id`: its number, and its body where the origin has read it. */
export function answerOf(plan: Plan): Uint8Array<ArrayBuffer> {
  return echo(plan.id, plan.fate === "early" ? new Uint8Array(0) : bodyOf(plan));
}

/** A number and a body. */
export function echo(id: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat([`${id}\n`, body]);
}

/** Bytes in chunks of random sizes, the last one included. */
export function chunks(bytes: Uint8Array, dice: Dice): Uint8Array<ArrayBuffer> {
  const parts: (string | Uint8Array)[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = Math.min(bytes.length - at, 1 + dice.below(dice.chance(50) ? 100_000 : 3_000));
    parts.push(`${size.toString(16)}\r\n`, bytes.subarray(at, at += size), "\r\n");
  }
  return concat([...parts, "0\r\n\r\n"]);
}

/** One after the other. */
export function concat(parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.map((part) => typeof part === "string" ? new TextEncoder().encode(part) : part);
  const whole = new Uint8Array(bytes.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
