/** Metrics as text for whoever scrapes them, in the format that they ask for. @module */

import { OPENMETRICS_TYPE, openMetricsText } from "./openmetrics_text.ts";
import { PROMETHEUS_TYPE, prometheusText } from "./prometheus_text.ts";
import type { Scraped } from "./scrape.ts";

/** An answer to a scrape. */
export interface Exposition {
  /** Value of `Content-Type`. */
  readonly type: string;
  readonly text: string;
}

/**
 * Writes metrics in the format that `Accept` prefers (RFC 9110 §12.5.1): OpenMetrics where it is asked for by name and not
 * liked less than plain text, else the text format of Prometheus, which everybody reads.
 *
 * @param accept the field's value; `null` without one
 */
export function exposition(scraped: readonly Scraped[], accept: string | null): Exposition {
  return wantsOpenMetrics(accept)
    ? { type: OPENMETRICS_TYPE, text: openMetricsText(scraped) }
    : { type: PROMETHEUS_TYPE, text: prometheusText(scraped) };
}

/** Whether `Accept` prefers OpenMetrics in a version that we write. */
export function wantsOpenMetrics(accept: string | null): boolean {
  if (accept === null) return false;
  let open = 0, plain = 0;
  for (const range of accept.split(",")) {
    const [type, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const version = parameter(parameters, "version"), q = weight(parameter(parameters, "q"));
    // 0.0.1 is the draft that scrapers still name; nothing that we write differs in it.
    if (type === "application/openmetrics-text" && (version === null || version === "1.0.0" || version === "0.0.1")) {
      open = Math.max(open, q);
    } else if (type === "text/plain" && (version === null || version === "0.0.4")) plain = Math.max(plain, q);
  }
  return open > 0 && open >= plain;
}

function parameter(parameters: readonly string[], name: string): string | null {
  const found = parameters.find((parameter) => parameter.startsWith(name + "="));
  return found === undefined ? null : found.slice(name.length + 1).replace(/^"(.*)"$/, "$1");
}

/** RFC 9110 §12.4.2; a weight that is none counts as 0. */
function weight(text: string | null): number {
  if (text === null) return 1;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}
