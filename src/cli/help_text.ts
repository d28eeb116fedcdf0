/** What commands say of themselves. @module */

import type { Command } from "./command.ts";
import { textTable } from "./text_table.ts";

/** More options than these are only said to be there: a line must fit a terminal. */
const LISTED = 4;

/** The list of commands. */
export function helpText(commands: readonly Command[]): string {
  const rows = commands.map((command) => [`  ${usage(command, LISTED)}`, command.summary]);
  return `Usage: gatewright <command>

${textTable(rows).join("\n")}

Without a config, gateway.config.ts in the current folder is read, or .yaml, .yml, .json.
help <command> says more.
`;
}

/** One command. */
export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(([name, { value, help }]) => [
    `  --${name}${value === undefined ? "" : ` ${value}`}`,
    help,
  ]);
  const parts = [`Usage: gatewright ${usage(command)}`, `${capital(command.summary)}.`];
  if (command.details.length > 0) parts.push(command.details.join("\n"));
  if (options.length > 0) parts.push(`Options:\n${textTable(options).join("\n")}`);
  return parts.join("\n\n") + "\n";
}

function usage({ name, argument, options }: Command, most = Infinity): string {
  const listed = Object.entries(options).filter(([name]) => name !== "debug").map(([name, { value }]) =>
    `[--${name}${value === undefined ? "" : ` ${value}`}]`
  );
  return [
    name,
    ...(argument === undefined ? [] : [`[${argument}]`]),
    ...(listed.length > most ? ["[options]"] : listed),
  ].join(" ");
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
