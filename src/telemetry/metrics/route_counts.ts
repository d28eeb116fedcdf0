/** What is counted of the requests of one route. @module */

import { NAMED_METHODS, OTHER_METHOD } from "../../core/named_methods.ts";
import { Histogram } from "./histogram.ts";
import { DURATIONS, REQUESTS } from "./request_families.ts";
import { type Series, series } from "./scrape.ts";
import { Tally } from "./tally.ts";

/** One status, and how often it was sent. */
interface CodeCount {
  readonly code: number;
  readonly series: Series<typeof REQUESTS.labels>;
  count: number;
}

/** Of one route and method. */
export class MethodCounts {
  readonly codes: CodeCount[] = [];
  readonly durations: Histogram;
  /** Its labels: of durations, and of bytes as well. */
  readonly series: Series<typeof DURATIONS.labels>;
  bytesIn = 0;
  bytesOut = 0;

  constructor(readonly method: string, readonly route: string, buckets: readonly number[]) {
    this.durations = new Histogram(buckets);
    this.series = series(DURATIONS, method, route);
  }

  /** Counts one request of this status. */
  status(code: number): void {
    const { codes } = this;
    // A route answers with a handful of statuses.
    for (let i = 0; i < codes.length; i++) {
      if (codes[i].code === code) return void codes[i].count++;
    }
    const { method, route } = this, status = `${Math.floor(code / 100)}xx`;
    codes.push({ code, series: series(REQUESTS, method, route, status, String(code)), count: 1 });
  }
}

/** Of one route. */
export class RouteCounts {
  readonly methods = new Map<string, MethodCounts>();
  readonly caches = new Tally();
  readonly auths = new Tally();
  readonly limits = new Tally();
  readonly errors = new Tally();
  readonly #buckets: readonly number[];

  /** @param route its id; `""` for requests that no route has taken, and those of routes that are gone */
  constructor(readonly route: string, buckets: readonly number[]) {
    this.#buckets = buckets;
  }

  /** The counts of a method, made for its first request. */
  method(method: string): MethodCounts {
    return this.methods.get(method) ?? this.#make(NAMED_METHODS.has(method) ? method : OTHER_METHOD);
  }

  #make(method: string): MethodCounts {
    let counts = this.methods.get(method);
    if (counts === undefined) this.methods.set(method, counts = new MethodCounts(method, this.route, this.#buckets));
    return counts;
  }
}
