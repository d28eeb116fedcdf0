/**
 * The W3C's suite of tests for services that pass traces on (github.com/w3c/trace-context), and what it says.
 *
 * @module
 */
import { resolve } from "node:path";

/** What the suite found out about one test that failed. */
export interface Failure {
  readonly test: string;
  /** The last line of what it says: what it expected. */
  readonly reason: string;
}

/** What the suite found out. */
export interface Verdict {
  readonly ran: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

/**
 * Looks whether suite and tools are there.
 *
 * @throws {Error} saying what to install
 */
export async function openSuite(folder: string): Promise<{ readonly dir: string }> {
  const dir = resolve(folder, "test");
  await Deno.stat(`${dir}/test.py`).catch(() => {
    throw new Error(`${folder} is no checkout of the suite: git clone https://github.com/w3c/trace-context`);
  });
  const python = new Deno.Command("python3", { args: ["-c", "import aiohttp"], stdout: "null", stderr: "null" });
  const { success } = await python.output().catch(() => ({ success: false }));
  if (!success) {
    throw new Error("python3 with aiohttp is missing: apt-get install python3-aiohttp, or pip install aiohttp");
  }
  return { dir };
}

/**
 * Reads what Python's unittest writes.
 *
 * @throws {Error} when it is no report
 */
export function readReport(text: string): Verdict {
  const ran = /^Ran (\d+) tests? in /m.exec(text);
  if (ran === null) {
    throw new Error(`the suite has not run to its end:\n${text.trim().split("\n").slice(-8).join("\n")}`);
  }
  // A failure has its heading between two rules, and ends before the next.
  const failures = text.split(/^={70}$/m).slice(1).map((part) => {
    const [, test] = /^(?:FAIL|ERROR): (\w+)/m.exec(part) ?? [];
    const [said] = part.split(/^-{70}\n?Ran /m);
    return {
      test: test ?? "?",
      reason: said.trim().split("\n").filter((line) => /^\w*(Error|Exception)\b/.test(line)).at(-1) ?? "",
    };
  });
  const [, skipped] = /^(?:OK|FAILED).*\bskipped=(\d+)/m.exec(text) ?? [];
  return { ran: Number(ran[1]), skipped: Number(skipped ?? 0), failures };
}
