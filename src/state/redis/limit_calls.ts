/** Asks Redis about limits, all of them at once. @module */

import type { Algorithm, Rule, Verdict } from "../../core/limit.ts";
import { limitScript } from "./limit_script.ts";
import type { RedisCalls } from "./redis_calls.ts";
import type { Script } from "./script.ts";

/** One limit, for what it counts by. */
export interface Place {
  /** In Redis. */
  readonly key: string;
  /** Which of the limiter's limits it is. */
  readonly index: number;
  readonly rule: Rule;
}

/** What Redis decided. */
export interface Decision {
  /** What was charged to all; 0 where one refused. */
  readonly charged: number;
  readonly verdicts: Verdict[];
}

/** One script a call. */
export class LimitCalls {
  readonly #calls: RedisCalls;
  readonly #script: Script;
  /** Of each limit the number of its algorithm in the script, where each stands once. */
  readonly #numbers: readonly string[];
  readonly #rules = new WeakMap<Rule, string>();
  readonly #time: (() => number) | null;

  /** @param time in place of the server's; `null`: the server's */
  constructor(calls: RedisCalls, algorithms: readonly Algorithm[], time: (() => number) | null) {
    const different = [...new Set(algorithms)];
    this.#calls = calls;
    this.#script = limitScript(different, time !== null);
    this.#numbers = algorithms.map((algorithm) => `${different.indexOf(algorithm) + 1} `);
    this.#time = time;
  }

  /** @see RedisCalls.deadline */
  deadline(): number {
    return this.#calls.deadline();
  }

  /** @param amounts of which the first is charged that all admit; the verdicts are about the last that was tried */
  take(places: readonly Place[], amounts: readonly number[], deadline?: number): Promise<Decision> {
    return this.#decide(`take ${amounts.join(" ")}`, places, deadline);
  }

  /** What would be decided. */
  ask(places: readonly Place[], cost: number, deadline?: number): Promise<Decision> {
    return this.#decide(`ask ${cost}`, places, deadline);
  }

  async charge(places: readonly Place[], amount: number): Promise<void> {
    await this.#run(`charge ${amount}`, places);
  }

  async #decide(what: string, places: readonly Place[], deadline?: number): Promise<Decision> {
    return read(await this.#run(what, places, deadline), places.length);
  }

  #run(what: string, places: readonly Place[], deadline?: number): Promise<string> {
    const keys: string[] = [], args = [what];
    for (const { key, index, rule } of places) {
      keys.push(key);
      args.push(this.#numbers[index] + this.#ruleText(rule));
    }
    if (this.#time !== null) args.push(String(this.#time()));
    return this.#calls.run(this.#script, keys, args, deadline);
  }

  #ruleText(rule: Rule): string {
    let text = this.#rules.get(rule);
    if (text === undefined) {
      text = `${rule.limit} ${rule.per} ${rule.burst} ${rule.interval} ${rule.maxDelay}`;
      this.#rules.set(rule, text);
    }
    return text;
  }
}

function read(answer: string, count: number): Decision {
  const words = answer.split(" "), verdicts: Verdict[] = [];
  for (let i = 0; i < count; i++) {
    const [remaining, resetAfter, retryAfter, delay] = words.slice(5 * i + 2, 5 * i + 6).map(numberOf);
    verdicts.push({ admitted: words[5 * i + 1] === "1", remaining, resetAfter, retryAfter, delay });
  }
  return { charged: numberOf(words[0]), verdicts };
}

/** As C writes it. */
function numberOf(word: string): number {
  return word === "inf" ? Infinity : Number(word);
}
