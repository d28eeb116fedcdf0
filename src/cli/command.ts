/** What one command is. @module */

import type { Terminal } from "./terminal.ts";

/** An option of a command. */
export interface CommandOption {
  /** Name of its value in the help: `URL`; absent for a switch. */
  readonly value?: string;
  readonly help: string;
}

/** What was given on the command line. */
export interface Arguments {
  /** The command's argument, where it takes one and it was given. */
  readonly argument: string | undefined;
  /** Whether a switch was given. */
  has(option: string): boolean;
  /** The value of an option, where it was given. */
  value(option: string): string | undefined;
}

/** A command; each has a file of its own in `commands/`. */
export interface Command {
  readonly name: string;
  /** Name of its argument in the help: `config`; absent where it takes none. */
  readonly argument?: string;
  /** What it does, in half a line. */
  readonly summary: string;
  /** What more there is to know: whole lines. */
  readonly details: readonly string[];
  /** By name, without the dashes. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Runs it. @returns the exit code */
  run(given: Arguments, terminal: Terminal): number | Promise<number>;
}
