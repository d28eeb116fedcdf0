/**
 * The command line of the load benchmark.
 *
 * @module
 */
import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  /** Measured rounds; every peer runs once a round in every shape. */
  readonly rounds: number;
  /** Seconds of measured load per peer, round and shape. */
  readonly seconds: number;
  /** Seconds of unmeasured load per peer and shape before the rounds, so that compilers and pools are warm. */
  readonly warmup: number;
  /** Concurrent client connections, all keep-alive. */
  readonly connections: number;
  /** Ids of the peers to run; empty means all that this machine has. */
  readonly only: readonly string[];
  /** Ids of the shapes to run; empty means all. */
  readonly shapes: readonly string[];
  /** Whether peers other than the gateway write an access log too. */
  readonly peerLogs: boolean;
  /** Where the machine-readable report goes, or undefined for nowhere. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno task bench:load [flags]

  --rounds N         measured rounds (4)
  --seconds N        seconds of load per proxy, round and shape (3)
  --warmup N         seconds of load per proxy and shape before the rounds (5)
  --connections N    concurrent keep-alive connections (64)
  --only a,b         only these proxies; nginx is always added, as the ratios need it
  --shape A,B        only these shapes
  --peer-logs        the other proxies write an access log too (the gateway always does)
  --json FILE        also write every figure of every round to FILE
  --help             this text
`;

/**
 * Reads the command line.
 *
 * @throws {Error} naming the flag, the value seen and what it takes
 */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "4" },
      seconds: { type: "string", default: "3" },
      warmup: { type: "string", default: "5" },
      connections: { type: "string", default: "64" },
      only: { type: "string", default: "" },
      shape: { type: "string", default: "" },
      "peer-logs": { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    rounds: wholeNumber("rounds", values.rounds, 1),
    seconds: wholeNumber("seconds", values.seconds, 1),
    warmup: wholeNumber("warmup", values.warmup, 0),
    connections: wholeNumber("connections", values.connections, 1),
    only: list(values.only),
    shapes: list(values.shape.toUpperCase()),
    peerLogs: values["peer-logs"],
    json: values.json,
    help: values.help,
  };
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < least) {
    throw new Error(`--${flag} ${JSON.stringify(text)}: give a whole number, ${least} or more`);
  }
  return value;
}

function list(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}
