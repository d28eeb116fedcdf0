/**
 * The report for reading: a table in Markdown.
 *
 * @module
 */
import { availability, isClean, type Verdict } from "../../tests/faults/judge.ts";
import type { ScenarioFigures } from "./run.ts";

/** What a cell tells beside the availability, where it is not 0. */
const FAULTS = ["duplicated", "truncated", "hung", "lost", "mangled", "malformed"] as const;

/**
 * A line for each scenario, a column for each peer: the share of requests that were answered well, bold where the
 * scenario is not clean, and what was not. Where no answer was to be had, the longest wait for a refusal. The last line
 * counts the clean scenarios.
 */
export function renderTable(figures: readonly ScenarioFigures[], peers: readonly string[]): string {
  const rows = figures.map(({ name, peers: judged }) => {
    return [name, ...peers.map((peer) => cell(judged[peer].verdict))];
  });
  const clean = peers.map((peer) => {
    return `${figures.filter(({ peers: judged }) => isClean(judged[peer].verdict)).length} of ${figures.length}`;
  });
  const mean = peers.map((peer) => meanOf(figures.map(({ peers: judged }) => judged[peer].verdict)));
  return markdown([["one of two endpoints …", ...peers], ...rows, ["mean of the shares", ...mean], [
    "clean",
    ...clean,
  ]]);
}

function cell(verdict: Verdict): string {
  const share = availability(verdict);
  const text = share === null ? `≤ ${(verdict.slowest / 1000).toFixed(1)} s` : percent(share);
  const faults = FAULTS.filter((fault) => verdict[fault] > 0).map((fault) => `${verdict[fault]} ${fault}`);
  return faults.length === 0 ? text : `**${text}, ${faults.join(", ")}**`;
}

function meanOf(verdicts: readonly Verdict[]): string {
  const shares = verdicts.map(availability).filter((share) => share !== null);
  return shares.length === 0 ? "–" : percent(shares.reduce((sum, share) => sum + share, 0) / shares.length);
}

/** Rounded down: 100 % means all. */
function percent(share: number): string {
  return share === 1 ? "100 %" : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((text, at) => text.padEnd(widths[at])).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [rows[0], rule, ...rows.slice(1)].map(line).join("\n");
}
