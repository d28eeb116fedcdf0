/**
 * The report for reading.
 *
 * @module
 */
import { FACTORS, OVERLOAD, UNLOADED, type VariantFigures } from "./run.ts";
import type { Tally } from "./tally.ts";

/** What the issue asks of a gateway under overload. */
const LEAST_GOODPUT = 0.9, MOST_P99 = 3;

/** The greatest goodput of any variant at any load. */
export function peakOf(figures: readonly VariantFigures[]): number {
  return Math.max(...figures.flatMap(({ loads }) => loads.map(({ good }) => good)));
}

/** One table of the overload, by variant, and one of the goodput at each load. */
export function renderTables(figures: readonly VariantFigures[]): string {
  const peak = peakOf(figures),
    at = (loads: readonly Tally[], factor: number) => loads[FACTORS.indexOf(factor as never)]!;
  const overload = figures.map(({ id, loads }) => {
    const over = at(loads, OVERLOAD), unloaded = at(loads, UNLOADED);
    const share = over.good / peak, ratio = (over.p99 ?? Infinity) / (unloaded.p99 ?? NaN);
    return [
      id,
      over.offered.toFixed(0),
      over.good.toFixed(0),
      percent(share),
      ms(over.p50),
      ms(over.p99),
      ms(unloaded.p99),
      Number.isFinite(ratio) ? `${ratio.toFixed(1)} ×` : "–",
      over.refused.toFixed(0),
      (over.late + over.failed).toFixed(0),
      ms(over.refusedP99),
      share >= LEAST_GOODPUT && ratio <= MOST_P99 ? "yes" : "no",
    ];
  });
  const goodput = figures.map(({ id, loads }) => [id, ...loads.map(({ good }) => percent(good / peak))]);
  return [
    `${OVERLOAD} × the capacity, peak ${peak.toFixed(0)} answers/s`,
    markdown([
      [
        "",
        "offered/s",
        "good/s",
        "of peak",
        "p50",
        "p99",
        "p99 unloaded",
        "ratio",
        "refused/s",
        "late/s",
        "refused p99",
      ]
        .concat("holds"),
      ...overload,
    ]),
    "",
    "goodput by load, of the peak",
    markdown([["", ...FACTORS.map((factor) => `${factor} ×`)], ...goodput]),
  ].join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function ms(value: number | null): string {
  return value === null ? "–" : `${value.toFixed(1)} ms`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => at === 0 ? text.padEnd(widths[at]!) : text.padStart(widths[at]!)).join(" | ")} |`;
  return [rows[0]!, widths.map((width) => "-".repeat(width)), ...rows.slice(1)].map(line).join("\n");
}
