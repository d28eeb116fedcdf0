/** The program. @module */

import { runCli } from "./run_cli.ts";
import { processTerminal } from "./terminal.ts";

if (import.meta.main) Deno.exit(await runCli(Deno.args, processTerminal()));
