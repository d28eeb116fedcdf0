/**
 * The command line of the cache benchmark.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { list, wholeNumber } from "../fuzz/options.ts";

/** The parts of the benchmark. */
export const PARTS = [{ id: "slow" }, { id: "hits" }] as const;

/** What the command line asks for. */
export interface Options {
  /** Ids of the parts to run; empty means both. */
  readonly parts: readonly string[];
  /** Ids of the peers to run; empty means all that this machine has. */
  readonly only: readonly string[];
  /** Ids of the shapes of hits to run; empty means all. */
  readonly shapes: readonly string[];
  /** Milliseconds that the slow origin takes for an answer, the connections to it, and the seconds of load on it. */
  readonly delay: number;
  readonly slowConnections: number;
  readonly slowSeconds: number;
  /** Hits: measured rounds, seconds of load per cache, round and shape, and of warm-up; connections. */
  readonly rounds: number;
  readonly seconds: number;
  readonly warmup: number;
  readonly connections: number;
  /** Whether nginx writes an access log too. */
  readonly peerLogs: boolean;
  /** Where the machine-readable report goes, or undefined for nowhere. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno run -A bench/cache/main.ts [flags]

  --part slow,hits      only these parts
  --only a,b            only these: nginx, gatewright, nginx-cache, nginx-cache-tuned, gatewright-cache,
                        gatewright-cache-quiet, gatewright-serve-cache; nginx-cache is always added, the ratios need it
  --shape H,V           only these shapes of hits
  --delay N             milliseconds that the slow origin takes for an answer (800)
  --slow-connections N  connections to what stands before it (4)
  --slow-seconds N      seconds of load on each (30)
  --rounds N            measured rounds of hits (4)
  --seconds N           seconds of load per cache, round and shape (3)
  --warmup N            seconds of load per cache and shape before the rounds (5)
  --connections N       connections for hits (64)
  --peer-logs           nginx writes an access log too (the gateway always does)
  --json FILE           also write every figure to FILE
  --help                this text
`;

/** Reads the command line. @throws {Error} naming the flag, the value seen and what it takes */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      part: { type: "string", default: "" },
      only: { type: "string", default: "" },
      shape: { type: "string", default: "" },
      delay: { type: "string", default: "800" },
      "slow-connections": { type: "string", default: "4" },
      "slow-seconds": { type: "string", default: "30" },
      rounds: { type: "string", default: "4" },
      seconds: { type: "string", default: "3" },
      warmup: { type: "string", default: "5" },
      connections: { type: "string", default: "64" },
      "peer-logs": { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    parts: list(values.part),
    only: list(values.only),
    shapes: list(values.shape.toUpperCase()),
    delay: wholeNumber("delay", values.delay, 0),
    slowConnections: wholeNumber("slow-connections", values["slow-connections"], 1),
    slowSeconds: wholeNumber("slow-seconds", values["slow-seconds"], 1),
    rounds: wholeNumber("rounds", values.rounds, 1),
    seconds: wholeNumber("seconds", values.seconds, 1),
    warmup: wholeNumber("warmup", values.warmup, 0),
    connections: wholeNumber("connections", values.connections, 1),
    peerLogs: values["peer-logs"],
    json: values.json,
    help: values.help,
  };
}
