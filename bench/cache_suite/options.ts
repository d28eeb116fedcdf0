/**
 * The command line of the cache suite's harness.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { list } from "../fuzz/options.ts";

/** What the command line asks for. */
export interface Options {
  /** The suite's checkout. */
  readonly suite: string;
  /** Ids of the peers to run; empty means all that this machine has. */
  readonly only: readonly string[];
  /** Ids of the tests to run, which brings along those that they depend on; empty means all. */
  readonly tests: readonly string[];
  /** The options of our `cache(…)`, as they stand in a config. */
  readonly options: string;
  /** Whether requests and answers are shown, at both ends. */
  readonly dump: boolean;
  /** Ids of the peers whose failures are listed. */
  readonly failures: readonly string[];
  /** Where the machine-readable report goes, or undefined for nowhere. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno run -A bench/cache_suite/main.ts [flags] SUITE

  SUITE is a checkout of https://github.com/http-tests/cache-tests, after npm install in it. Needs node.

  --only a,b         only these: gatewright, gatewright-serve, gatewright-uncached, nginx, varnish, caddy
  --test a,b         only these tests and those that they depend on
  --options TEXT     the options of our cache, as they stand in a config: '{ staleIfError: "1m" }' ({})
  --dump             show all requests and answers, at the client's end and at the origin's, and what the cache says;
                     best with --test
  --failures a,b     list the failures of these (gatewright,gatewright-serve)
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
      options: { type: "string", default: "{}" },
      dump: { type: "boolean", default: false },
      failures: { type: "string", default: "gatewright,gatewright-serve" },
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
    options: values.options,
    dump: values.dump,
    failures: list(values.failures),
    json: values.json,
    help: values.help,
  };
}
