/** Tests that need a program which not every machine has. @module */

/** A program, as it is called on the systems that have it, and the Debian package that brings it. */
interface Program {
  readonly commands: readonly string[];
  readonly package: string;
}

/** Every program that a test may ask for; `.ci/run` installs their packages. */
export const PROGRAMS = {
  chromium: { commands: ["chromium", "chromium-browser", "google-chrome"], package: "chromium" },
  nginx: { commands: ["nginx"], package: "nginx" },
  openssl: { commands: ["openssl"], package: "openssl" },
  prometheus: { commands: ["prometheus"], package: "prometheus" },
  promtool: { commands: ["promtool"], package: "prometheus" },
  "redis-server": { commands: ["redis-server", "valkey-server"], package: "redis-server" },
} as const satisfies Record<string, Program>;

/** The name of a program in {@link PROGRAMS}. */
export type ProgramName = keyof typeof PROGRAMS;

/** What stands for a program, and what registers a test that needs it. */
export interface Requirement {
  /** Where each program is, by name; one that is missing is not there. */
  readonly paths: ReadonlyMap<ProgramName, string>;
  readonly missing: readonly ProgramName[];
  /**
   * Registers the test. Without its programs it is ignored, and its name says what it needs; where
   * `GATEWRIGHT_STRICT=1` is set (in CI), it fails instead.
   */
  test(name: string, run: (t: Deno.TestContext) => void | Promise<void>): void;
}

/** What a requirement looks at. */
export interface Machine {
  /** Folders to look into, in this order. @default PATH, and the system folders that a user's PATH often lacks */
  readonly path?: readonly string[];
  /** Whether a missing program is a failure. @default the environment's GATEWRIGHT_STRICT */
  readonly strict?: boolean;
  /** What registers a test. @default Deno.test */
  readonly register?: (definition: Deno.TestDefinition) => void;
}

/** Looks for programs: `requires("nginx").test("nginx agrees", async () => { … })`. */
export function requires(...names: [ProgramName, ...ProgramName[]]): Requirement {
  return requiresOn({}, ...names);
}

/** {@link requires} on a machine of which everything is known, for its own tests. */
export function requiresOn(machine: Machine, ...names: [ProgramName, ...ProgramName[]]): Requirement {
  const folders = machine.path ?? [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  const strict = machine.strict ?? Deno.env.get("GATEWRIGHT_STRICT") === "1";
  const register = machine.register ?? ((definition) => Deno.test(definition));
  const paths = new Map<ProgramName, string>();
  for (const name of names) {
    const path = find(PROGRAMS[name].commands, folders);
    if (path !== null) paths.set(name, path);
  }
  const missing = names.filter((name) => !paths.has(name));
  return {
    paths,
    missing,
    test(name, run) {
      if (missing.length === 0) return register({ name, fn: run });
      const label = `${name} [needs ${missing.join(", ")}]`;
      const packages = missing.map((program) => PROGRAMS[program].package).join(" ");
      const fail = () => {
        throw new Error(`${missing.join(", ")} not found: apt-get install ${packages}`);
      };
      register({ name: label, ignore: !strict, fn: fail });
    },
  };
}

function find(commands: readonly string[], folders: readonly string[]): string | null {
  for (const command of commands) {
    for (const folder of folders) {
      if (folder !== "" && isFile(`${folder}/${command}`)) return `${folder}/${command}`;
    }
  }
  return null;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
