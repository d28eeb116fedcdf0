/** Everything that has metrics to tell. @module */

import type { Log } from "../../core/log.ts";
import { Scrape, type Scraped } from "./scrape.ts";

/** Adds its points to a scrape. It runs each time somebody asks, so that counting costs nothing while nobody does. */
export type Collector = (out: Scrape) => void;

/** The collectors of one process, or of one thread of it. */
export class MetricsRegistry {
  readonly #log: Log;
  readonly #collectors = new Set<Collector>();

  /** @param log hears of collectors that throw */
  constructor(log: Log) {
    this.#log = log;
  }

  /** From now on `collector` is asked at every scrape; the result ends that. */
  collect(collector: Collector): () => void {
    this.#collectors.add(collector);
    return () => void this.#collectors.delete(collector);
  }

  /** Asks all collectors. One that throws is missing from there on, and costs the others nothing. */
  scrape(): readonly Scraped[] {
    const out = new Scrape();
    for (const collector of this.#collectors) {
      try {
        collector(out);
      } catch (error) {
        this.#log.error("metrics could not be collected", { error: error instanceof Error ? error.message : error });
      }
    }
    return out.end();
  }
}
