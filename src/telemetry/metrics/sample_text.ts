/** What both text formats of metrics have in common: labels and numbers. @module */

import type { Histogram } from "./histogram.ts";

const UNSAFE = /[\\\n"\ud800-\udfff]/;

/** Text between the quotes of a label's value, or of a help text in OpenMetrics. */
export function escaped(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.toWellFormed().replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}

/** A number as scrapers read it. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

/**
 * A bound of a bucket. OpenMetrics wants `1.0` for 1, and so it is written in the other format too: the series of a bucket
 * are the same whichever format is read.
 */
export function boundText(bound: number): string {
  return Number.isInteger(bound) && bound < 1e21 ? `${bound}.0` : numberText(bound);
}

/** `{route="/a",code="200"}` without the closing brace; `""` without labels. It is another one for other values. */
export function labelsText(names: readonly string[], values: readonly string[]): string {
  let text = "";
  for (let i = 0; i < names.length; i++) text += `${i === 0 ? "{" : ","}${names[i]}="${escaped(values[i])}"`;
  return text;
}

/** Lines of one histogram. @param exemplar what stands behind the bucket of this index */
export function histogramText(
  name: string,
  labels: string,
  { counts, sum }: Histogram,
  bounds: readonly string[],
  exemplar: (bucket: number) => string,
): string {
  const before = `${name}_bucket${labels === "" ? "{" : labels + ","}le="`, rest = labels === "" ? " " : labels + "} ";
  let text = "", count = 0;
  for (let i = 0; i < counts.length; i++) {
    text += before + bounds[i] + '"} ' + (count += counts[i]) + exemplar(i) + "\n";
  }
  return `${text}${name}_sum${rest}${numberText(sum)}\n${name}_count${rest}${count}\n`;
}

/** Bounds of histograms as text, made once for all that have the same, and `+Inf` behind them. */
export function boundTexts(): (histogram: Histogram) => readonly string[] {
  let last: readonly number[] | null = null, texts: readonly string[] = [];
  return ({ bounds }) => {
    if (bounds !== last) texts = [...bounds.map(boundText), "+Inf"];
    last = bounds;
    return texts;
  };
}
