/** One question, until some nameserver answers it. @module */

import type { TimerWheel } from "../../core/timer_wheel.ts";
import { askNameserver, type Nameserver } from "./ask_nameserver.ts";
import type { DnsAnswer, DnsQuestion } from "./dns_message.ts";

/** How long the first round waits for each server; each further round waits twice as long. */
const FIRST_WAIT_MS = 1_000;
/** Below the limit of a whole lookup, so that what the other questions found is not lost with this one. */
const QUESTION_LIMIT_MS = 4_000;
const NO_ERROR = 0, NAME_ERROR = 3;
const CODES: Readonly<Record<number, string>> = { 1: "FORMERR", 2: "SERVFAIL", 4: "NOTIMP", 5: "REFUSED" };

/**
 * Asks the servers in turn, and again those that are silent, until one says what there is, be it nothing.
 * @returns an answer that is well or NXDOMAIN
 * @throws when every server refused or failed, none answered in 4 s, or `signal` was aborted
 */
export async function askNameservers(
  servers: readonly Nameserver[],
  question: DnsQuestion,
  deadlines: TimerWheel,
  signal: AbortSignal,
): Promise<DnsAnswer> {
  const limit = new AbortController();
  const whole = AbortSignal.any([signal, limit.signal]);
  let last: unknown = new Error("there is no nameserver to ask");
  const deadline = deadlines.after(QUESTION_LIMIT_MS, () => limit.abort(new Error("no answer")));
  try {
    for (let wait = FIRST_WAIT_MS, silent = true; silent; wait *= 2) {
      silent = false;
      for (const server of servers) {
        const turn = new AbortController();
        const turnOver = deadlines.after(wait, () => turn.abort());
        try {
          const answer = await askNameserver(server, question, AbortSignal.any([whole, turn.signal]));
          if (answer.code === NO_ERROR || answer.code === NAME_ERROR) return answer;
          last = new Error(CODES[answer.code] ?? `RCODE ${answer.code}`);
        } catch (error) {
          whole.throwIfAborted();
          if (turn.signal.aborted) silent = true;
          else last = error;
        } finally {
          turnOver.cancel();
        }
      }
    }
    throw last;
  } catch (error) {
    throw new Error(`${question.type} ${question.name}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  } finally {
    deadline.cancel();
  }
}
