/** What the clients met, and what of it nobody can explain. @module */

/** When the origin could not be reached, in milliseconds since the epoch. `to` is `Infinity` while it lasts. */
interface Outage {
  readonly from: number;
  to: number;
}

/** Milliseconds behind an outage in which something may still come of it: connections that are found to be dead. */
const AFTERMATH = 250;
/** Different faults that are kept. */
const MOST_FAULTS = 40;

/** Counts what happened. */
export class Tally {
  /** Answers by status. */
  readonly statuses = new Map<number, number>();
  /** Each kind of fault and how often it came. */
  readonly faults = new Map<string, number>();
  /** How often clients did what. */
  readonly behaviours = new Map<string, number>();
  /** Answers that broke off, or did not come, because the origin went away. */
  cut = 0;
  /** Bytes that were compared with what they should be. */
  compared = 0;
  readonly #outages: Outage[] = [];

  /** How many outages there were. */
  get outages(): number {
    return this.#outages.length;
  }

  /** All answers. */
  get answers(): number {
    return this.statuses.values().reduce((sum, count) => sum + count, 0);
  }

  /** The origin goes away. */
  outageBegins(): void {
    this.#outages.push({ from: Date.now(), to: Infinity });
  }

  /** The origin is there again. */
  outageEnds(): void {
    this.#outages.at(-1)!.to = Date.now() + AFTERMATH;
  }

  /** Whether the origin was away at some time between two, in milliseconds since the epoch. */
  wasAway(from: number, to: number): boolean {
    return this.#outages.findLast((outage) => outage.from <= to && outage.to >= from) !== undefined;
  }

  /** Where now stands to the last outage, in words. */
  get place(): string {
    const last = this.#outages.at(-1);
    return last === undefined ? "before any restart" : `${Date.now() - last.to} ms behind a restart`;
  }

  /** Counts an answer. */
  answered(status: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  /** Counts something that must not be. */
  fault(what: string): void {
    const count = this.faults.get(what);
    if (count !== undefined) this.faults.set(what, count + 1);
    else if (this.faults.size < MOST_FAULTS) {
      this.faults.set(what, 1);
      console.error(`fault, ${new Date().toISOString()}, ${this.place}: ${what}`);
    }
  }
}
