/** The command line of the fuzzer. @module */

import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  /** Inputs to make. */
  readonly runs: number;
  /** Where the inputs come from: the same seed gives the same inputs. */
  readonly seed: number;
  /** Ids of subjects; empty means all. */
  readonly only: readonly string[];
  /** Compare answers with another parser instead of with the model. */
  readonly against: "node" | null;
  /** The one input to make and show, or `null`. */
  readonly at: number | null;
  readonly help: boolean;
}

/** The text of `--help`. */
export const USAGE = `deno run -A bench/fuzz/main.ts [flags]

  --runs N          inputs (1000000)
  --seed N          the seed of an earlier run, to repeat it (another one each time)
  --only a,b        only these: heads, chunks, responses, requests, paths
  --against node    compare what is accepted with Node's parser, llhttp: needs node in the PATH
  --at N            only input N of this seed (and the same --only), shown whatever comes of it
  --help            this text
`;

/** Reads the command line. @throws Error naming the flag, the value seen and what it takes */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "1000000" },
      seed: { type: "string" },
      only: { type: "string", default: "" },
      against: { type: "string" },
      at: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { against } = values;
  if (against !== undefined && against !== "node") throw new Error(`--against ${JSON.stringify(against)}: give node`);
  return {
    runs: wholeNumber("runs", values.runs, 1),
    seed: values.seed === undefined ? anySeed() : wholeNumber("seed", values.seed, 0),
    only: list(values.only),
    against: against ?? null,
    at: values.at === undefined ? null : wholeNumber("at", values.at, 0),
    help: values.help,
  };
}

/** A seed that is short enough to type. */
export function anySeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000;
}

/** The value of a flag that takes several, with commas between. */
export function list(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/** The value of a flag that takes a whole number. @throws Error naming the flag, the value seen and what it takes */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < least) {
    throw new Error(`--${flag} ${JSON.stringify(text)}: give a whole number, ${least} or more`);
  }
  return value;
}
