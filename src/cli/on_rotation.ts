/** SIGUSR2 and SIGUSR1: log files have been moved away. @module */

import type { Log } from "../core/log.ts";

/**
 * Calls it at each SIGUSR2, where the system has such a thing, and at SIGUSR1, which other servers take. At that one the
 * runtime opens its debugger on loopback, whoever listens (Deno 2.9.2 and later): the log says so.
 *
 * @returns what ends it
 */
export function onRotation(reopen: () => void, log: Log): () => void {
  if (Deno.build.os === "windows") return () => {};
  const usual = () => {
    reopen();
    log.warn("files are opened anew; at SIGUSR1 the runtime opens its debugger too, on 127.0.0.1:9229: send SIGUSR2");
  };
  Deno.addSignalListener("SIGUSR2", reopen);
  Deno.addSignalListener("SIGUSR1", usual);
  return () => {
    Deno.removeSignalListener("SIGUSR2", reopen);
    Deno.removeSignalListener("SIGUSR1", usual);
  };
}
