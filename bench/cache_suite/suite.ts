/**
 * The public suite of tests for HTTP caches (github.com/http-tests/cache-tests): what it holds, and how it judges.
 *
 * @module
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** What a test is about: what the RFC asks, what a good cache would do, or merely what is to be seen. */
export type Kind = "required" | "optimal" | "check";

/** One test. */
export interface SuiteTest {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  /** Tests that must be passed first, or this one says nothing. */
  readonly dependsOn: readonly string[];
}

/** What the suite's client says of a test: passed, or the name of what was thrown and its message. */
export type Result = true | readonly [name: string, message: string];

/** Results by test. */
export type Results = Readonly<Record<string, Result>>;

/** The suite's verdict; all but `pass` and `yes` are no success. */
export type Verdict =
  | "pass"
  | "yes"
  | "no"
  | "fail"
  | "optional_fail"
  | "setup_fail"
  | "harness_fail"
  | "dependency_fail"
  | "retry"
  | "untested";

/** The suite in one checkout. */
export interface Suite {
  /** The checkout, absolute. */
  readonly dir: string;
  /** The tests that are for proxies, in the suite's order. */
  readonly tests: readonly SuiteTest[];
  /** Judges one test, with regard to those that it depends on. */
  judge(id: string, results: Results): Verdict;
}

/** The suite's own form of a test. */
interface Given {
  readonly id: string;
  readonly name: string;
  readonly kind?: Kind;
  readonly depends_on?: readonly string[];
  readonly browser_only?: boolean;
}

/**
 * Reads the suite.
 *
 * @throws {Error} when the folder holds no checkout of it
 */
export async function openSuite(folder: string): Promise<Suite> {
  const dir = resolve(folder);
  const { default: chapters } = await part(dir, "tests/index.mjs") as { default: { tests: readonly Given[] }[] };
  const { determineTestResult, resultTypes } = await part(dir, "test-engine/lib/results.mjs") as {
    determineTestResult(chapters: unknown, id: string, results: Results): unknown;
    resultTypes: Readonly<Record<Verdict, unknown>>;
  };
  const verdicts = new Map(Object.entries(resultTypes).map(([verdict, type]) => [type, verdict as Verdict]));
  return {
    dir,
    tests: chapters.flatMap(({ tests }) => tests).filter((test) => test.browser_only !== true).map((test) => ({
      id: test.id,
      name: test.name,
      kind: test.kind ?? "required",
      dependsOn: test.depends_on ?? [],
    })),
    judge: (id, results) => verdicts.get(determineTestResult(chapters, id, results)) ?? "harness_fail",
  };
}

/**
 * The tests that are named and all that they depend on; all when none is named.
 *
 * @throws {Error} for an id that no test has
 */
export function withDependencies({ tests }: Suite, ids: readonly string[]): SuiteTest[] {
  const wanted = new Set(ids), byId = new Map(tests.map((test) => [test.id, test]));
  for (const id of wanted) {
    const test = byId.get(id);
    if (test === undefined) throw new Error(`--test ${id}: the suite has no such test for proxies`);
    // A set that grows is walked to its new end.
    for (const other of test.dependsOn) wanted.add(other);
  }
  return tests.filter(({ id }) => ids.length === 0 || wanted.has(id));
}

async function part(dir: string, path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(`${dir}/${path}`).href);
  } catch (error) {
    throw new Error(
      `${dir} is no checkout of the suite, ${path} cannot be read: ${
        error instanceof Error ? error.message : error
      }\n` +
        "git clone https://github.com/http-tests/cache-tests, then npm install in it",
    );
  }
}
