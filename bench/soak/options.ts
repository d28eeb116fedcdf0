/** The command line of the soak. @module */

import { parseArgs } from "node:util";
import { anySeed, wholeNumber } from "../fuzz/options.ts";

/** What the command line asks for. */
export interface Options {
  readonly minutes: number;
  /** How busy the gateway's core is to be, from 0 to 1. */
  readonly rate: number;
  readonly clients: number;
  /** Seconds between two restarts of the origin, on average; 0 for none. */
  readonly restart: number;
  readonly seed: number;
  /** The engine of the gateway's listener, `null` for its default. */
  readonly engine: string | null;
  /** Where the logs are left; `null`: nowhere. */
  readonly dir: string | null;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno run -A bench/soak/main.ts [flags]

  --minutes N           how long (10)
  --rate R              how busy the gateway keeps its core, from 0.01 to 1 (0.5)
  --clients N           clients at once (48)
  --restart N           seconds between two restarts of the origin, on average; 0 for none (15)
  --engine h1|serve     the engine of the gateway's listener (its default)
  --dir DIR             an empty folder where the logs are left (they are not)
  --seed N              what clients choose by chance (another one each time)
  --help                this text
`;

/** Reads the command line. @throws Error naming the flag, the value seen and what it takes */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "10" },
      rate: { type: "string", default: "0.5" },
      clients: { type: "string", default: "48" },
      restart: { type: "string", default: "15" },
      engine: { type: "string" },
      seed: { type: "string" },
      dir: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const rate = Number(values.rate);
  if (!(rate >= 0.01 && rate <= 1)) throw new Error(`--rate ${JSON.stringify(values.rate)}: give 0.01 to 1`);
  return {
    minutes: wholeNumber("minutes", values.minutes, 1),
    rate,
    clients: wholeNumber("clients", values.clients, 1),
    restart: wholeNumber("restart", values.restart, 0),
    seed: values.seed === undefined ? anySeed() : wholeNumber("seed", values.seed, 0),
    engine: values.engine ?? null,
    dir: values.dir ?? null,
    help: values.help,
  };
}
