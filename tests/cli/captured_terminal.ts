/** A terminal that keeps what is printed. @module */

import { runCli } from "../../src/cli/run_cli.ts";

/** What a command line came to. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process; for commands that end by themselves. */
export async function cli(...args: string[]): Promise<CliResult> {
  let out = "", err = "";
  const code = await runCli(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    errIsTerminal: false,
    colors: false,
  });
  return { code, out, err };
}
