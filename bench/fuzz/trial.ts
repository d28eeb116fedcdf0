/** One input, made and tried. @module */

import { choose } from "../load/choose.ts";
import type { Input } from "./generate/input.ts";
import { Xorshift } from "./generate/xorshift.ts";
import { shrink } from "./shrink.ts";
import type { Subject } from "./subject.ts";
import { SUBJECTS } from "./subjects.ts";

/** Which inputs to try, in what. */
export interface Order {
  readonly seed: number;
  /** The first index, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Ids of subjects; empty means all. They take turns. */
  readonly only: readonly string[];
}

/** Something that is wrong. */
export interface Fault {
  /** The input's index: with the seed, it makes the input again. */
  readonly index: number;
  readonly subject: string;
  /** What is wrong with the shorter input. */
  readonly message: string;
  readonly input: Input;
  /** A shorter input with a fault, as short as could be found. */
  readonly shrunk: string;
}

/** Tries needed to see a fault that depends on where the input is cut. */
const LOOKS = 8;

/** The subject and the input of an index, and the chance that is left for the check. @throws Error on an unknown subject */
export function inputAt(order: Order, index: number): { subject: Subject; input: Input; random: Xorshift } {
  const subjects = choose("only", SUBJECTS, order.only), subject = subjects[index % subjects.length];
  const random = new Xorshift(order.seed, index);
  return { subject, input: subject.generate(random), random };
}

/** Makes and tries the input of an index. */
export async function tryInput(order: Order, index: number): Promise<Fault | null> {
  const { subject, input, random } = inputAt(order, index);
  let message = await wrong(subject, input, random);
  if (message === null) return null;
  const shrunk = await shrink(input.text, async (text) => {
    for (let look = 0; look < LOOKS; look++) {
      const still = await wrong(subject, { ...input, text }, new Xorshift(order.seed, look));
      if (still === null) continue;
      message = still;
      return true;
    }
    return false;
  });
  return { index, subject: subject.id, message, input, shrunk };
}

async function wrong(subject: Subject, input: Input, random: Xorshift): Promise<string | null> {
  try {
    return await subject.check(input, random);
  } catch (error) {
    return `throws ${error instanceof Error ? error.stack ?? error.message : error}`;
  }
}
