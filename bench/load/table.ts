/**
 * The report for reading.
 *
 * @module
 */
import type { PeerRounds, Report, ScenarioReport } from "./report.ts";
import { cpuRatio, medianOf, type Spread, spread } from "./summary.ts";

/** Below this share of its core, a proxy waits for something else, and its cost per request rises. */
const SATURATED = 0.9;

/** Above this share of its core used by others, a proxy's figures are suspect. */
const DISTURBED = 0.05;

/** The machine and the versions, one line each. */
export function describeRun(
  { machine, versions, settings }: Pick<Report, "machine" | "versions" | "settings">,
): string {
  const { cpu, cores, kernel, memoryGiB, load } = machine;
  const programs = Object.entries(versions).map(([name, version]) => `  ${name.padEnd(11)} ${version}`);
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, kernel ${kernel}, load average ${load.toFixed(2)}`,
    ...programs,
    `rounds: ${settings.rounds} of ${settings.seconds} s after ${settings.warmup} s of warm-up, ` +
    `${settings.connections} connections`,
  ].join("\n");
}

/**
 * One table per shape, medians over the rounds. The ratio is CPU per request to `reference`'s in the same round: median
 * with least and greatest. Below it, the same for each proxy against `subject`, when it was measured.
 */
export function renderTables(report: Report, reference: string, subject: string): string {
  return report.scenarios.map((scenario) => renderScenario(scenario, reference, subject)).join("\n\n");
}

function renderScenario(scenario: ScenarioReport, reference: string, subject: string): string {
  const base = scenario.peers.find(({ peer }) => peer === reference)?.rounds ?? [];
  const header = ["", "CPU µs/req", "user", "sys", `× ${reference}`, "min–max", "req/s", "p50 ms", "p99 ms", "RSS MB"];
  const rows = scenario.peers.map((one) => row(one, cpuRatio(one.rounds, base)));
  const lines = [`Shape ${scenario.id}, ${scenario.title}`, ...align([[...header, "core", "log"], ...rows])];
  const own = scenario.peers.find(({ peer }) => peer === subject);
  if (own !== undefined) {
    const others = scenario.peers.filter((one) => one !== own);
    const parts = others.map(({ peer, rounds }) => `${peer} ${withRange(cpuRatio(rounds, own.rounds))}`);
    lines.push(`CPU per request, ${subject} = 1: ${parts.join(", ")}`);
  }
  lines.push(...scenario.peers.flatMap(doubts));
  return lines.join("\n");
}

/** What speaks against a row's figures. */
function doubts({ peer, rounds }: PeerRounds): string[] {
  const found: string[] = [];
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const disturbed = medianOf(rounds, (one) => one.disturbed);
  if (disturbed > DISTURBED) found.push(`${peer}: other work took ${percent(disturbed)} of its core`);
  else if (medianOf(rounds, (one) => one.busy) < SATURATED) {
    found.push(`${peer}: not saturated, the load generator was the limit of its req/s`);
  }
  const lost = rounds.reduce((sum, { lostThreads }) => sum + lostThreads, 0);
  if (lost > 0) found.push(`${peer}: ${lost} threads ended under load, so its CPU time is a little too low`);
  return found;
}

function row({ peer, rounds, accessLog }: PeerRounds, ratio: Spread): string[] {
  const { median: resident } = spread(rounds.map((one) => one.residentBytes));
  return [
    peer,
    medianOf(rounds, (one) => one.cpuMicros).toFixed(1),
    medianOf(rounds, (one) => one.userMicros).toFixed(1),
    medianOf(rounds, (one) => one.systemMicros).toFixed(1),
    ratio.median.toFixed(2),
    `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
    medianOf(rounds, (one) => one.requestsPerSecond).toFixed(0),
    (medianOf(rounds, (one) => one.p50) / 1000).toFixed(2),
    (medianOf(rounds, (one) => one.p99) / 1000).toFixed(2),
    (resident / 1e6).toFixed(0),
    `${(medianOf(rounds, (one) => one.busy) * 100).toFixed(0)} %`,
    accessLog ? "on" : "off",
  ];
}

function withRange({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

/** Pads cells to columns: the first to the left, the others to the right. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows.map((cells) =>
    cells.map((cell, column) => column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)).join("  ")
  );
}
