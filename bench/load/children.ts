/**
 * The programs that the benchmark has started, so that none outlives it.
 *
 * @module
 */

/** How a program is to be started. */
export interface ChildSpec {
  /** What messages call it. */
  readonly name: string;
  /** The core that it and all that it starts may use. */
  readonly core: number;
  readonly command: string;
  readonly args: readonly string[];
  /** A folder of its own, for what it says on standard error. */
  readonly dir: string;
  /** The file that takes its standard output; discarded when absent. */
  readonly stdout?: string;
}

/** A running program. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Settles when the program has ended. */
  readonly ended: Promise<Deno.CommandStatus>;
  /** True once it has ended. */
  readonly gone: boolean;
  /** The last lines that it wrote to standard error. */
  lastWords(): Promise<string>;
}

/** How long a program may take over SIGTERM before it is killed, in milliseconds. */
const PATIENCE = 3000;

/** Starts programs, each leader of a process group of its own, and ends them with all that they started. */
export class Children {
  #running = new Set<Child>();
  #closed = false;

  /**
   * Starts a program pinned to its core.
   *
   * @throws {Error} after {@link Children.stopAll}
   */
  start(spec: ChildSpec): Child {
    if (this.#closed) throw new Error(`${spec.name} not started: the benchmark is being stopped`);
    const errors = `${spec.dir}/stderr.txt`;
    // exec twice: the program itself has the pid that is measured and signalled.
    const process = new Deno.Command("sh", {
      args: [
        "-c",
        'out=$1 err=$2; shift 2; exec "$@" >"$out" 2>"$err"',
        "sh",
        spec.stdout ?? "/dev/null",
        errors,
        "taskset",
        "-c",
        String(spec.core),
        spec.command,
        ...spec.args,
      ],
      cwd: spec.dir,
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
      detached: true,
    }).spawn();
    let gone = false;
    const child: Child = {
      name: spec.name,
      pid: process.pid,
      ended: process.status.then((status) => {
        gone = true;
        return status;
      }),
      get gone() {
        return gone;
      },
      async lastWords() {
        const text = await Deno.readTextFile(errors).catch(() => "");
        return text.trim().split("\n").slice(-8).join("\n");
      },
    };
    this.#running.add(child);
    return child;
  }

  /** Takes a program and all that it started off the processor, memory and sockets untouched. */
  suspend(child: Child): void {
    signal(-child.pid, "SIGSTOP");
  }

  /** Lets a suspended program go on. */
  resume(child: Child): void {
    signal(-child.pid, "SIGCONT");
  }

  /** Ends a program: SIGTERM, then SIGKILL for whatever is left of its group. */
  async stop(child: Child): Promise<void> {
    if (!this.#running.has(child)) return;
    if (!child.gone) {
      signal(child.pid, "SIGTERM");
      this.resume(child);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const impatience = new Promise((resolve) => timer = setTimeout(resolve, PATIENCE));
      await Promise.race([child.ended, impatience]);
      clearTimeout(timer);
    }
    signal(-child.pid, "SIGKILL");
    await child.ended;
    this.#running.delete(child);
  }

  /** Ends every program and refuses to start another. */
  async stopAll(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map((child) => this.stop(child)));
  }
}

function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    // It has ended by itself; for a group, ESRCH says that no member is left.
    if (error instanceof Deno.errors.NotFound || (error instanceof Error && error.message.includes("os error 3"))) {
      return;
    }
    throw error;
  }
}
