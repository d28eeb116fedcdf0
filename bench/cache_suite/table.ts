/**
 * The report for reading.
 *
 * @module
 */
import type { PeerResults } from "./run.ts";
import type { Kind, Results, Suite, SuiteTest, Verdict } from "./suite.ts";

/** The kinds by which a cache is judged, and what a failure of each is called. */
const JUDGED = ["required", "optimal"] as const satisfies readonly Kind[];

const GOOD: ReadonlySet<Verdict> = new Set(["pass", "yes"]);

/** One row for each cache: the share of the tests of each kind that it passes, and what became of the others. */
export function renderShares(suite: Suite, tests: readonly SuiteTest[], peers: readonly PeerResults[]): string {
  const rows = peers.map(({ peer, version, results }) => {
    const cells = JUDGED.flatMap((kind) => {
      const verdicts = ofKind(tests, kind).map(({ id }) => suite.judge(id, results));
      const count = (...those: Verdict[]) => verdicts.filter((verdict) => those.includes(verdict)).length;
      const failed = count("fail", "optional_fail"), held = count("dependency_fail");
      const other = verdicts.length - count("pass") - failed - held;
      return [percent(count("pass"), verdicts.length), `${count("pass")}`, `${failed}`, `${held}`, `${other}`];
    });
    return [`${peer} ${version}`, ...cells];
  });
  const header = JUDGED.flatMap((kind) => {
    return [`${kind} (${ofKind(tests, kind).length})`, "passed", "failed", "dependent", "other"];
  });
  return markdown([["", ...header], ...rows]);
}

/** The tests that one cache does not pass, each with the reason that the suite's client gave. */
export function renderFailures(suite: Suite, tests: readonly SuiteTest[], { peer, results }: PeerResults): string {
  return JUDGED.map((kind) => {
    const lines = ofKind(tests, kind).flatMap((test) => {
      const verdict = suite.judge(test.id, results);
      return GOOD.has(verdict) ? [] : [`- ${test.id}: ${reason(suite, test, verdict, results)}\n  ${test.name}`];
    });
    return [`${peer}, ${kind}: ${lines.length} not passed`, ...lines].join("\n");
  }).join("\n\n");
}

function reason(suite: Suite, { id, dependsOn }: SuiteTest, verdict: Verdict, results: Results): string {
  const result = results[id];
  const said = result === undefined ? "not run" : result === true ? "passes by itself" : result.join(": ");
  if (verdict !== "dependency_fail") return `${verdict}, ${said}`;
  const missing = dependsOn.filter((other) => !GOOD.has(suite.judge(other, results)));
  return `waits for ${missing.join(", ")} (${said})`;
}

function ofKind(tests: readonly SuiteTest[], kind: Kind): SuiteTest[] {
  return tests.filter((test) => test.kind === kind);
}

function percent(count: number, of: number): string {
  return of === 0 ? "–" : `${(count / of * 100).toFixed(1)} %`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => at === 0 ? text.padEnd(widths[at]) : text.padStart(widths[at])).join(" | ")} |`;
  return [rows[0], widths.map((width) => "-".repeat(width)), ...rows.slice(1)].map(line).join("\n");
}
