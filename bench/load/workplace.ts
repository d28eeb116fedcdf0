/**
 * What a harness works with, and the end of it: nothing that it started or wrote outlives the harness.
 *
 * @module
 */
import { Children } from "./children.ts";

/** What one run of a harness may use. */
export interface Workplace {
  readonly children: Children;
  /** A folder that goes when the run is over. */
  readonly dir: string;
  /** Aborts when the run is interrupted. */
  readonly signal: AbortSignal;
}

/** The exit code of a run that was interrupted, as a shell has it. */
const INTERRUPTED = 130;

/**
 * Does the job and leaves nothing behind, however it ends: by itself, by an error or by a signal, which exits.
 *
 * @param name a part of the folder's name
 * @returns what the job returns, its exit code
 * @throws what the job throws, unless it was interrupted
 */
export async function inWorkplace(name: string, job: (place: Workplace) => Promise<number>): Promise<number> {
  const children = new Children(), dir = await Deno.makeTempDir({ prefix: `gatewright-${name}-` });
  const interrupt = new AbortController();
  const cleanUp = async () => {
    await children.stopAll();
    await Deno.remove(dir, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      interrupt.abort();
      console.error(`${signal}: stopping what was started`);
      void cleanUp().finally(() => Deno.exit(INTERRUPTED));
    });
  }
  try {
    return await job({ children, dir, signal: interrupt.signal });
  } catch (error) {
    // What fails because its child was just ended is no news.
    if (!interrupt.signal.aborted) throw error;
    return INTERRUPTED;
  } finally {
    await cleanUp();
  }
}
