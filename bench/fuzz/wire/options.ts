/** The command line of the differential run. @module */

import { parseArgs } from "node:util";
import { anySeed, wholeNumber } from "../options.ts";

/** What the command line asks for. */
export interface Options {
  readonly runs: number;
  readonly seed: number;
  /** Inputs under way at once. */
  readonly connections: number;
  /** The engine of the gateway that is started, `null` for its default. */
  readonly engine: string | null;
  /** A gateway that runs already: its port on 127.0.0.1, and the port where it expects its origin. */
  readonly target: { readonly port: number; readonly originPort: number } | null;
  /** The one input to send and show, or `null`. */
  readonly at: number | null;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno run -A bench/fuzz/differential.ts [flags]

  --runs N              inputs (100000)
  --seed N              the seed of an earlier run, to repeat it (another one each time)
  --connections N       inputs under way at once (32)
  --engine h1|serve     the engine of the gateway that is started (its default)
  --target HOST:PORT    a gateway on 127.0.0.1 that runs already, in place of one that is started …
  --origin PORT         … and forwards everything to 127.0.0.1:PORT, where this command then listens
  --at N                only input N of this seed, shown with all verdicts
  --help                this text
`;

/** Reads the command line. @throws Error naming the flag, the value seen and what it takes */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "100000" },
      seed: { type: "string" },
      connections: { type: "string", default: "32" },
      engine: { type: "string" },
      target: { type: "string" },
      origin: { type: "string" },
      at: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    runs: wholeNumber("runs", values.runs, 1),
    seed: values.seed === undefined ? anySeed() : wholeNumber("seed", values.seed, 0),
    connections: wholeNumber("connections", values.connections, 1),
    engine: values.engine ?? null,
    target: target(values.target, values.origin),
    at: values.at === undefined ? null : wholeNumber("at", values.at, 0),
    help: values.help,
  };
}

function target(address: string | undefined, origin: string | undefined): Options["target"] {
  if (address === undefined && origin === undefined) return null;
  const port = /^(?:127\.0\.0\.1|localhost):([0-9]+)$/.exec(address ?? "")?.[1];
  if (port === undefined || origin === undefined) {
    throw new Error(`--target ${JSON.stringify(address)}: give 127.0.0.1:PORT, and with it --origin PORT`);
  }
  return { port: Number(port), originPort: wholeNumber("origin", origin, 1) };
}
