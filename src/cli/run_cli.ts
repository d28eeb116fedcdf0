/** From the command line to a command and its exit code. @module */

import { ConfigError } from "../core/issue.ts";
import { nearest } from "../settings/nearest.ts";
import { DemoError } from "../runtime/demo/demo_error.ts";
import type { Command } from "./command.ts";
import { check } from "./commands/check.ts";
import { key } from "./commands/key.ts";
import { password } from "./commands/password.ts";
import { purge } from "./commands/purge.ts";
import { routes } from "./commands/routes.ts";
import { schema } from "./commands/schema.ts";
import { start } from "./commands/start.ts";
import { version } from "./commands/version.ts";
import { commandHelp, helpText } from "./help_text.ts";
import { issueReport } from "./issue_report.ts";
import { parseArguments, UsageError } from "./parse_arguments.ts";
import { stackText } from "./stack_text.ts";
import { reason, StartError } from "./start_failure.ts";
import type { Terminal } from "./terminal.ts";

/** Every command, in the order of the help; `help` shows its own row. */
const COMMANDS: readonly Command[] = [start, check, routes, schema, purge, key, password, version, {
  name: "help",
  argument: "command",
  summary: "says how a command is used",
  details: [],
  options: {},
  run: ({ argument }, terminal) => help(argument, terminal),
}];

/** Names that lead to a command besides its own. */
const OTHER_NAMES: Readonly<Record<string, string>> = { "--help": "help", "-h": "help", "--version": "version" };

/**
 * Runs what the arguments ask for and prints why it failed, in one line; under `--debug` the stack too.
 *
 * @returns 0 when all is well, 1 when the command failed, 2 for a command line that makes no sense
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = args;
  try {
    if (first === undefined) {
      terminal.err(helpText(COMMANDS));
      return 2;
    }
    const command = commandOf(OTHER_NAMES[first] ?? first);
    if (rest.includes("--help") || rest.includes("-h")) return help(command.name, terminal);
    return await command.run(parseArguments(command, rest), terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      const known = first !== "help" && COMMANDS.some(({ name }) => name === first);
      const more = known ? `help ${first} says how it is used` : "help lists the commands";
      terminal.err(`gatewright: ${error.message}\n${more}\n`);
      return 2;
    }
    terminal.err(error instanceof ConfigError ? issueReport(error.issues) : `gatewright: ${failure(error)}\n`);
    if (rest.includes("--debug")) terminal.err(stackText(error));
    return 1;
  }
}

function help(name: string | undefined, terminal: Terminal): number {
  terminal.out(name === undefined ? helpText(COMMANDS) : commandHelp(commandOf(name)));
  return 0;
}

function commandOf(name: string): Command {
  const command = COMMANDS.find((command) => command.name === name);
  if (command !== undefined) return command;
  const near = nearest(name, COMMANDS.map(({ name }) => name));
  throw new UsageError(`there is no command ${name}${near === undefined ? "" : `; did you mean ${near}?`}`);
}

function failure(error: unknown): string {
  if (error instanceof StartError || error instanceof DemoError) return error.message;
  // Nothing unexpected: a permission was not given, and the reason names it.
  if (error instanceof Deno.errors.NotCapable) return reason(error);
  return `something unexpected went wrong: ${reason(error)}; --debug shows where`;
}
