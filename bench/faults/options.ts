/**
 * The command line of the fault harness.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { list, wholeNumber } from "../fuzz/options.ts";

/** What the command line asks for. */
export interface Options {
  /** Ids of the peers to run; empty means all that this machine has. */
  readonly only: readonly string[];
  /** What the names of the scenarios to run contain; empty means all. */
  readonly scenarios: readonly string[];
  /** Most seconds of traffic per scenario. */
  readonly seconds: number;
  /** Requests per scenario, of all clients together. */
  readonly requests: number;
  /** Concurrent clients. */
  readonly clients: number;
  /** Whether peers take turns, rather than run side by side. */
  readonly alone: boolean;
  /** Where the machine-readable report goes, or undefined for nowhere. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno run -A bench/faults/main.ts [flags]

  --only a,b         only these proxies: gatewright, nginx, haproxy, caddy
  --scenario a,b     only scenarios whose names contain one of these
  --seconds N        most seconds of traffic per scenario (1)
  --requests N       requests per scenario (400)
  --clients N        concurrent clients (8)
  --alone            proxies take turns; by default all meet a scenario at the same time, each with endpoints of its own
  --json FILE        also write every figure to FILE
  --help             this text
`;

/** Reads the command line. @throws {Error} naming the flag, the value seen and what it takes */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      scenario: { type: "string", default: "" },
      seconds: { type: "string", default: "1" },
      requests: { type: "string", default: "400" },
      clients: { type: "string", default: "8" },
      alone: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    only: list(values.only),
    scenarios: list(values.scenario),
    seconds: wholeNumber("seconds", values.seconds, 1),
    requests: wholeNumber("requests", values.requests, 1),
    clients: wholeNumber("clients", values.clients, 1),
    alone: values.alone,
    json: values.json,
    help: values.help,
  };
}
