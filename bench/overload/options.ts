/**
 * The command line of the overload harness.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { list, wholeNumber } from "../fuzz/options.ts";

/** What the command line asks for. */
export interface Options {
  /** Ids of the variants to run; empty means all. */
  readonly only: readonly string[];
  /** Seconds that are measured at each load. */
  readonly seconds: number;
  /** Seconds of the same load before them. */
  readonly warmup: number;
  /** Requests that the origin works on at one time. */
  readonly places: number;
  /** Milliseconds that it takes for each. */
  readonly work: number;
  /** Milliseconds after which a client gives up. */
  readonly patience: number;
  readonly seed: number;
  /** Where the machine-readable report goes, or undefined for nowhere. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno run -A bench/overload/main.ts [flags]

  --only a,b         only these: nothing, concurrencyLimit, adaptiveConcurrency, loadShed
  --seconds N        seconds that are measured at each load (8)
  --warmup N         seconds of the same load before them (4)
  --places N         requests that the origin works on at one time (8)
  --work N           milliseconds that it takes for each (20)
  --patience N       milliseconds after which a client gives up (500)
  --seed N           what the times of the requests come from (1)
  --json FILE        also write every figure to FILE
  --help             this text
`;

/** Reads the command line. @throws {Error} naming the flag, the value seen and what it takes */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      seconds: { type: "string", default: "8" },
      warmup: { type: "string", default: "4" },
      places: { type: "string", default: "8" },
      work: { type: "string", default: "20" },
      patience: { type: "string", default: "500" },
      seed: { type: "string", default: "1" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    only: list(values.only),
    seconds: wholeNumber("seconds", values.seconds, 1),
    warmup: wholeNumber("warmup", values.warmup, 0),
    places: wholeNumber("places", values.places, 1),
    work: wholeNumber("work", values.work, 1),
    patience: wholeNumber("patience", values.patience, 1),
    seed: wholeNumber("seed", values.seed, 0),
    json: values.json,
    help: values.help,
  };
}
