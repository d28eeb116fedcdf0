/** What the gate consists of, in order. @module */

import type { Step } from "./step.ts";
import { exists, sources } from "./tree.ts";

/** What to run: everything, or one kind of tests. */
export type Selection = "ok" | "unit" | "integration";

/** What unit tests may do: no network. They may start Deno itself, to look at types and documentation. */
const UNIT_PERMISSIONS = [
  "--allow-read",
  "--allow-env",
  "--allow-sys",
  `--allow-write=${Deno.env.get("TMPDIR") ?? "/tmp"},var,tests,examples`,
  `--allow-run=${Deno.execPath()}`,
];
/** What tests that talk over sockets may do. They start programs, so a narrower list would promise too much. */
const SOCKET_PERMISSIONS = ["--allow-all"];
/** Examples in documentation have no need of a network, and none to write. */
const EXAMPLE_PERMISSIONS = ["--allow-read", "--allow-env"];
/** Where examples stand. */
const DOCUMENTATION = ["mod.ts", "src", "README.md", "CONTRIBUTING.md", "docs"];

/**
 * The steps of a selection.
 *
 * @param chosen files, folders and flags for `deno test`, from the command line; with files or folders, only these are run
 */
export function steps(selection: Selection, chosen: readonly string[] = []): Step[] {
  const all: Step[] = [
    { name: "fmt", args: ["fmt", "--check", "--quiet"] },
    { name: "lint", args: ["lint", "--quiet"] },
    { name: "types", args: ["check", "--quiet", "."] },
    // `--doc` takes the examples out of a folder's modules without running the modules; a file named alone is run too.
    tests("examples", ["--doc", ...EXAMPLE_PERMISSIONS, ...DOCUMENTATION.filter(exists)]),
  ];
  const files = sources("tests", "_test.ts").map(({ path }) => path);
  const unit: Step = {
    ...tests("unit", ["--no-check", ...UNIT_PERMISSIONS, ...flags(chosen)]),
    files: choose(files.filter((file) => !overSockets(file)), chosen),
  };
  const socket: Step = {
    ...tests("sockets", ["--no-check", ...SOCKET_PERMISSIONS, ...flags(chosen)]),
    files: choose(files.filter(overSockets), chosen),
  };
  if (selection === "unit") return [unit];
  if (selection === "integration") return [socket];
  return [...all, unit, socket];
}

function tests(name: string, args: readonly string[]): Step {
  return {
    name,
    args: ["test", "--parallel", ...args],
    tests: true,
    // One module more at a time than there are cores: they wait for sockets and programs as much as they work.
    env: { DENO_JOBS: String(navigator.hardwareConcurrency + 1) },
  };
}

function overSockets(file: string): boolean {
  return file.endsWith("_socket_test.ts");
}

/** The flags among what was chosen. */
function flags(chosen: readonly string[]): string[] {
  return chosen.filter((argument) => argument.startsWith("-"));
}

/** The files that were chosen, by themselves or by a folder; all if none was. */
function choose(files: readonly string[], chosen: readonly string[]): readonly string[] {
  const paths = chosen.filter((argument) => !argument.startsWith("-")).map((path) => path.replace(/^\.\/|\/$/g, ""));
  if (paths.length === 0) return files;
  return files.filter((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)));
}
