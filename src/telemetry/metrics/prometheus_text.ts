/** Metrics in the text format of Prometheus, version 0.0.4. @module */

import { boundTexts, histogramText, numberText } from "./sample_text.ts";
import type { Scraped } from "./scrape.ts";

/** What `Content-Type` says of it. */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** The whole answer to a scrape. The format has no exemplars and no infos: those are gauges in it. */
export function prometheusText(scraped: readonly Scraped[]): string {
  const boundsOf = boundTexts();
  let text = "";
  for (const { family, points } of scraped) {
    const { name, type } = family, help = family.help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
    text += `# HELP ${name} ${help}\n# TYPE ${name} ${type === "info" ? "gauge" : type}\n`;
    for (const { text: labels, value } of points) {
      if (typeof value !== "number") text += histogramText(name, labels, value, boundsOf(value), none);
      else text += `${name}${labels === "" ? "" : labels + "}"} ${numberText(value)}\n`;
    }
  }
  return text;
}

const none = () => "";
