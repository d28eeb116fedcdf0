/** One step of the gate: a command, run quietly. @module */

import { batches } from "./batches.ts";
import { readTestReport, type TestCase } from "./test_report.ts";

/** A command of the pinned Deno. */
export interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** Test files, from its folder; they are run in batches. */
  readonly files?: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it runs tests, whose results are then counted one by one. */
  readonly tests?: boolean;
}

/** What a step came to. */
export interface StepResult {
  readonly step: Step;
  readonly ok: boolean;
  /** Whether it was killed because it did not come to an end. */
  readonly hung: boolean;
  readonly ms: number;
  /** Everything that it printed. */
  readonly output: string;
  /** Empty for a step without tests. */
  readonly cases: readonly TestCase[];
}

/** After this long a step hangs, in milliseconds. */
const HANGS_MS = 3 * 60_000;

/** Runs a step in a folder and waits for its end, or kills it when there is none. */
export async function runStep(step: Step, folder: string, hangsMs = HANGS_MS): Promise<StepResult> {
  if (step.files?.length === 0) return { step, ok: false, hung: false, ms: 0, output: "no test file", cases: [] };
  const dir = await Deno.makeTempDir({ prefix: "gatewright_" });
  const began = performance.now();
  try {
    const report = `${dir}/junit.xml`;
    const args = step.tests ? [...step.args.slice(0, 1), `--junit-path=${report}`, ...step.args.slice(1)] : step.args;
    const files = await batches(step.files ?? [], folder, dir);
    const child = new Deno.Command(Deno.execPath(), {
      args: [...args, ...files],
      cwd: folder,
      env: { ...step.env, RUST_BACKTRACE: "0", ...(Deno.stdout.isTerminal() ? {} : { NO_COLOR: "1" }) },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let hung = false;
    const guard = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, hangsMs);
    const { code, stdout, stderr } = await child.output();
    clearTimeout(guard);
    const decoder = new TextDecoder();
    const cases = step.tests ? readTestReport(await textOf(report)) : [];
    return {
      step,
      hung,
      ok: code === 0 && (!step.tests || cases.length > 0),
      ms: performance.now() - began,
      output: decoder.decode(stdout) + decoder.decode(stderr),
      cases,
    };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
