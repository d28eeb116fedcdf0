/** Every metric as it is at one moment. @module */

import type { Family, LabelValues } from "./family.ts";
import { type Histogram, merged } from "./histogram.ts";
import { labelsText } from "./sample_text.ts";

/** The labels of one time series. What is told at every scrape is made once, and put with {@link Scrape.put}. */
export interface Series<Labels extends readonly string[] = readonly string[]> {
  /** As many as the family has labels, in their order. */
  readonly labels: LabelValues<Labels>;
  /** The same as text formats print them, without the closing brace. */
  readonly text: string;
}

/** Labels for a family, or for several that have labels of the same names. */
export function series<const Labels extends readonly string[]>(
  family: Family<Labels>,
  ...labels: LabelValues<Labels>
): Series<Labels> {
  return { labels, text: labelsText(family.labels, labels) };
}

/** One time series of a family, now. */
export interface Point extends Series {
  /** A number, but for the families of histograms. */
  readonly value: number | Histogram;
}

/** One family and its points: plain data. */
export interface Scraped {
  readonly family: Family;
  readonly points: readonly Point[];
}

/**
 * What collectors fill. A series that is given twice is added up: a scraper refuses everything when a series stands twice in
 * what it reads, and things of one name are one thing to whoever looks at their metrics.
 */
export class Scrape {
  readonly #gathered = new Map<string, { readonly family: Family; readonly points: Map<string, Point> }>();

  /** Adds a point of a counter, a gauge or an info; `labels` are the values of the family's labels in their order. */
  add<const Labels extends readonly string[]>(
    family: Family<Labels>,
    value: number,
    ...labels: LabelValues<Labels>
  ): void {
    this.put(family, series(family, ...labels), value);
  }

  /** Adds a point of a histogram, which is read later: it may go on counting. */
  addHistogram<const Labels extends readonly string[]>(
    family: Family<Labels>,
    histogram: Histogram,
    ...labels: LabelValues<Labels>
  ): void {
    this.put(family, series(family, ...labels), histogram);
  }

  /** Adds a point whose labels were made before. */
  put<const Labels extends readonly string[]>(
    family: Family<Labels>,
    { labels, text }: Series<NoInfer<Labels>>,
    value: number | Histogram,
  ): void {
    const isHistogram = typeof value !== "number", takesHistograms = family.type === "histogram";
    if (isHistogram !== takesHistograms) {
      throw new TypeError(`metric ${family.name} takes ${takesHistograms ? "" : "no "}histograms`);
    }
    let gathered = this.#gathered.get(family.name);
    if (gathered === undefined) this.#gathered.set(family.name, gathered = { family, points: new Map() });
    else if (gathered.family !== family) throw new TypeError(`metric ${family.name} is the name of two families`);
    const there = gathered.points.get(text);
    gathered.points.set(text, { labels, text, value: there === undefined ? value : sum(family, there.value, value) });
  }

  /** Families in the order in which they were first given, without those that have no points. */
  end(): readonly Scraped[] {
    return [...this.#gathered.values()].map(({ family, points }) => ({ family, points: [...points.values()] }));
  }
}

function sum(family: Family, one: number | Histogram, other: number | Histogram): number | Histogram {
  if (typeof one === "number" && typeof other === "number") return family.type === "info" ? 1 : one + other;
  return merged(one as Histogram, other as Histogram);
}
