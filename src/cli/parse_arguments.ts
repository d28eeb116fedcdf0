/** The command line of one command. @module */

import { parseArgs } from "node:util";
import { nearest } from "../settings/nearest.ts";
import type { Arguments, Command } from "./command.ts";

/** A command line that makes no sense; the message says why, in one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads what follows a command's name.
 * @throws UsageError for what the command does not know, with what was probably meant
 */
export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const known = Object.entries(command.options).map(([name, { value }]) =>
    [name, { type: value === undefined ? "boolean" : "string" }] as const
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(known),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string | undefined>(), positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    if (option === undefined) throw new UsageError(unknownOption(command, token.rawName));
    if (option.value === undefined && token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value, but got ${JSON.stringify(token.value)}`);
    }
    if (option.value !== undefined && (token.value === undefined || token.value === "")) {
      throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.value}`);
    }
    values.set(token.name, token.value);
  }
  const most = command.argument === undefined ? 0 : 1;
  if (positionals.length > most) {
    const extra = JSON.stringify(positionals[most]);
    throw new UsageError(
      most === 0
        ? `${command.name} takes no argument, but got ${extra}`
        : `${command.name} takes one ${command.argument}, but got ${extra} too`,
    );
  }
  return { argument: positionals[0], has: (name) => values.has(name), value: (name) => values.get(name) };
}

function unknownOption({ name, options }: Command, raw: string): string {
  const near = nearest(raw.replace(/^-+/, ""), Object.keys(options));
  return `${name} has no option ${raw}${near === undefined ? "" : `; did you mean --${near}?`}`;
}
