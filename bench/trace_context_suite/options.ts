/**
 * The command line of the trace-context suite's harness.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { list } from "../fuzz/options.ts";

/** What the command line asks for. */
export interface Options {
  /** The suite's checkout. */
  readonly suite: string;
  /** Ids of the peers to run; empty means all. */
  readonly only: readonly string[];
  /** The tests to run, as the suite names them; empty means all. */
  readonly tests: readonly string[];
  /** Whether what the suite says of each failure is shown. */
  readonly failures: boolean;
  /** Where the machine-readable report goes, or undefined for nowhere. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno run -A bench/trace_context_suite/main.ts [flags] SUITE

  SUITE is a checkout of https://github.com/w3c/trace-context. Needs python3 with aiohttp.

  --only a,b         only these: gatewright, gatewright-unrecorded, gatewright-errors, gatewright-serve
  --test a,b         only these tests: TraceContextTest.test_traceparent_duplicated, or a class of them: AdvancedTest
  --failures         show what the suite says of each failure
  --json FILE        also write every result to FILE
  --help             this text
`;

/** Reads the command line. @throws {Error} naming the flag, the value seen and what it takes */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      test: { type: "string", default: "" },
      failures: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [suite, ...more] = positionals;
  if (!values.help && (suite === undefined || more.length > 0)) {
    throw new Error("name one folder: the suite's checkout (--help says more)");
  }
  return {
    suite: suite ?? "",
    only: list(values.only),
    tests: list(values.test),
    failures: values.failures,
    json: values.json,
    help: values.help,
  };
}
