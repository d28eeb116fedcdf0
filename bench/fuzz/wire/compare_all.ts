/** The differential run: many inputs at once, and each that looks wrong again, alone. @module */

import { generateRequest } from "../generate/request.ts";
import { Xorshift } from "../generate/xorshift.ts";
import { shrink } from "../shrink.ts";
import type { Census } from "./census.ts";
import { judge, type Question, type Servers } from "./judge.ts";
import { MIXED, type Verdicts, violation } from "./relation.ts";

/** Something that is wrong. */
export interface Finding {
  readonly index: number;
  readonly message: string;
  readonly text: string;
  readonly shrunk: string;
  /** What the three made of the shorter input. */
  readonly verdicts: Verdicts;
}

/** What to send, and how. */
export interface Run {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly connections: number;
}

/** Inputs between two looks at the origin for requests that nobody was answered. */
const BATCH = 2048;
/** Milliseconds that a server may be silent, with others under way and alone. */
const PATIENCE = 150, PATIENCE_ALONE = 300;
/** Tries to find a shorter input; each takes a while when a server waits. */
const SHRINK_TRIES = 100;

/** Sends all inputs of the run; `progress` is told the index after each batch. */
export async function compareAll(
  run: Run,
  servers: Servers,
  census: Census,
  report: (finding: Finding) => void,
  progress: (index: number) => void,
): Promise<void> {
  const seen = new Set<string>();
  for (let from = run.from; from < run.to; from += BATCH) {
    const to = Math.min(run.to, from + BATCH);
    for (const suspect of await batch(run, from, to, servers, census)) {
      if (suspect.message !== null && seen.has(suspect.message)) continue;
      const finding = await look(run, suspect, servers, seen);
      if (finding === null) continue;
      seen.add(finding.message);
      report(finding);
    }
    progress(to);
  }
}

/** Looks at a suspect alone, and for a shorter input with the same fault; `null` where nothing is wrong, or nothing new. */
async function look(
  run: Run,
  { index, message: before, verdicts }: Suspect,
  servers: Servers,
  seen: ReadonlySet<string>,
): Promise<Finding | null> {
  const { text } = inputOf(run.seed, index), { message } = await judgeAlone(text, servers);
  if (message === null) {
    // What is missing under load may have come too late; what was read otherwise there is wrong at any speed.
    const mixed = before !== null && verdicts !== null && before.includes(MIXED);
    return mixed ? { index, message: `under load only: ${before}`, text, shrunk: text, verdicts } : null;
  }
  if (seen.has(message)) return null;
  const fails = async (text: string) => (await judgeAlone(text, servers)).message === message;
  const shrunk = await shrink(text, fails, SHRINK_TRIES);
  return { index, message, text, shrunk, verdicts: (await judgeAlone(shrunk, servers)).verdicts };
}

/** The input of an index. */
export function inputOf(seed: number, index: number): Question {
  const random = new Xorshift(seed, index), { text } = generateRequest(random);
  return { text, cut: random.oneIn(3) ? random.below(text.length) : 0, tag: index };
}

/** What is wrong with the verdicts on an input that is under way alone, so that every request at an origin is its own. */
export async function judgeAlone(
  text: string,
  servers: Servers,
): Promise<{ verdicts: Verdicts; message: string | null }> {
  servers.gateway.origin?.strays();
  const verdicts = await judge({ text, cut: 0, tag: 0 }, servers, PATIENCE_ALONE);
  const strays = servers.gateway.origin?.strays();
  let message = violation(verdicts);
  if (message === null && strays !== undefined) {
    if (strays.malformed.length > 0) message = "the gateway sent its origin what is no request";
    else if (strays.requests.length > 0) message = "a request reached the origin, and no answer the client";
  }
  return { verdicts, message };
}

/** An input that needs another look. */
interface Suspect {
  readonly index: number;
  /** What seemed wrong; `null` where it is not known which input of the batch it was. */
  readonly message: string | null;
  readonly verdicts: Verdicts | null;
}

/** Sends a batch. @returns what seems wrong; every input of the batch where a request at the origin is unaccounted for */
async function batch(run: Run, from: number, to: number, servers: Servers, census: Census): Promise<Suspect[]> {
  const suspects: Suspect[] = [];
  let next = from;
  const lane = async () => {
    for (let index = next++; index < to; index = next++) {
      const question = inputOf(run.seed, index), verdicts = await judge(question, servers, PATIENCE);
      const message = violation(verdicts);
      census.add(question.text, verdicts);
      if (message !== null) suspects.push({ index, message, verdicts });
    }
  };
  await Promise.all(Array.from({ length: run.connections }, lane));
  const strays = servers.gateway.origin?.strays();
  if (strays === undefined || strays.malformed.length + strays.requests.length === 0) return suspects;
  return Array.from({ length: to - from }, (_, at) => ({ index: from + at, message: null, verdicts: null }));
}
