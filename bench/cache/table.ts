/**
 * The classic table, for reading.
 *
 * @module
 */
import type { Options } from "./options.ts";
import type { SlowFigures } from "./slow.ts";

/** One row for each program: what its clients saw, and how often the origin was asked. */
export function renderSlow(figures: readonly SlowFigures[], options: Options): string {
  const rows = figures.map(({ peer, load, asked }) => [
    peer,
    String(load.requests),
    (load.requests / load.seconds).toFixed(1),
    ...[load.p50, load.p75, load.p90, load.p99, load.max].map((micros) => `${(micros / 1000).toFixed(2)} ms`),
    String(asked),
  ]);
  const title = `An origin that takes ${options.delay} ms, ${options.slowConnections} connections, ` +
    `${options.slowSeconds} s; the first answer is among them`;
  return `${title}\n${
    markdown([["", "requests", "req/s", "p50", "p75", "p90", "p99", "max", "origin asked"], ...rows])
  }`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => at === 0 ? text.padEnd(widths[at]) : text.padStart(widths[at])).join(" | ")} |`;
  return [rows[0], widths.map((width) => "-".repeat(width)), ...rows.slice(1)].map(line).join("\n");
}
