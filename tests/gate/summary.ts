/** What the gate tells people and CI. @module */

import type { StepResult } from "./step.ts";

/** The gate's result. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: readonly string[];
}

/**
 * Counts tests one by one, and a step that has none as one.
 *
 * @param strict whether an ignored test is a failure
 */
export function summarise(results: readonly StepResult[], strict: boolean): Summary {
  let passed = 0, failed = 0;
  const ignored: string[] = [];
  for (const { ok, cases, step } of results) {
    const broken = cases.filter(({ result }) => result === "failed").length;
    passed += cases.filter(({ result }) => result === "passed").length;
    // A file that does not load is no test case, but it is why the step failed.
    failed += ok ? broken : Math.max(1, broken);
    if (ok && !step.tests) passed++;
    for (const { file, name, result } of cases) if (result === "ignored") ignored.push(`${file}: ${name}`);
  }
  return { passed, failed: strict ? failed + ignored.length : failed, ignored };
}

/** One line for a step. */
export function stepLine({ step, ok, ms, cases }: StepResult): string {
  const tests = step.tests ? `${cases.length} tests` : "";
  return `${ok ? "ok  " : "FAIL"}  ${step.name.padEnd(9)} ${(ms / 1000).toFixed(1).padStart(5)} s  ${tests}`.trimEnd();
}

/** The part of a failed step's output that says why. */
export function failureText({ output, step, cases, hung }: StepResult): string {
  if (hung) return `it came to no end and was killed; last said, by each module:\n${lastSaid(output)}`;
  const at = output.search(/^.*ERRORS.*$/m);
  if (at !== -1) return output.slice(at);
  if (step.tests && cases.length === 0) return `${output}\nno test was run\n`;
  return output;
}

/** The last line of each test module, the latest of them last: the test that hangs is the one behind. */
function lastSaid(output: string): string {
  const last = new Map<string, string>();
  for (const line of output.trimEnd().split("\n")) {
    const module = /^(.*?) => /.exec(line)?.[1] ?? line;
    last.delete(module);
    last.set(module, line);
  }
  return [...last.values()].slice(-20).join("\n");
}

/** The last line, which CI reads. */
export function lastLine({ passed, failed, ignored }: Summary, strict: boolean): string {
  const skipped = ignored.length > 0 && !strict ? `, ${ignored.length} skipped` : "";
  return `${passed} passed, ${failed} failed${skipped}`;
}
