/** What code of the user's may not do while it is loaded. @module */

/** The console's methods that print to standard output. */
const PRINTING = [
  "log",
  "info",
  "debug",
  "dir",
  "dirxml",
  "table",
  "group",
  "groupCollapsed",
  "count",
  "timeLog",
  "timeEnd",
] as const;

/**
 * Runs what loads a config. Meanwhile what the config prints goes to standard error, as standard output is for the
 * command's own; and a config that ends the process is told of, with exit code 1: the command was never done.
 *
 * @param file the config, for the message
 */
export async function whileLoading<T>(file: string, run: () => Promise<T>): Promise<T> {
  const before = { ...console }, { error } = console;
  const ended = () => {
    error(`gatewright: ${file}: the config ended the process; write a module that only exports`);
    Deno.exit(1);
  };
  for (const method of PRINTING) console[method] = error;
  globalThis.addEventListener("unload", ended);
  try {
    return await run();
  } finally {
    globalThis.removeEventListener("unload", ended);
    for (const method of PRINTING) console[method] = before[method];
  }
}
