/** Metrics in the format of OpenMetrics, version 1.0.0. @module */

import { baseName } from "./family.ts";
import type { Histogram } from "./histogram.ts";
import { boundTexts, escaped, histogramText, numberText } from "./sample_text.ts";
import type { Scraped } from "./scrape.ts";

/** What `Content-Type` says of it. */
export const OPENMETRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** The whole answer to a scrape, with an exemplar for each bucket that has one. Times of creation are not in it. */
export function openMetricsText(scraped: readonly Scraped[]): string {
  const boundsOf = boundTexts();
  let text = "";
  for (const { family, points } of scraped) {
    const { name, type, unit, help } = family, base = baseName(family);
    text += `# TYPE ${base} ${type}\n`;
    if (unit !== undefined) text += `# UNIT ${base} ${unit}\n`;
    text += `# HELP ${base} ${escaped(help)}\n`;
    for (const { text: labels, value } of points) {
      if (typeof value !== "number") {
        text += histogramText(name, labels, value, boundsOf(value), (bucket) => exemplarText(value, bucket));
      } else text += `${name}${labels === "" ? "" : labels + "}"} ${numberText(value)}\n`;
    }
  }
  return text + "# EOF\n";
}

function exemplarText({ exemplars }: Histogram, bucket: number): string {
  const exemplar = exemplars?.[bucket];
  if (exemplar === undefined) return "";
  return ` # {trace_id="${escaped(exemplar.traceId)}"} ${numberText(exemplar.value)} ${exemplar.at.toFixed(3)}`;
}
