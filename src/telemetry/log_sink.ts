/** Where log lines go. @module */

import { dirname } from "node:path";
import { writeAll } from "../core/write_all.ts";

/** Takes batches of bytes. The writer has one batch under way at a time. */
export interface LogSink {
  /** Resolves when every byte is written. @throws what the system says: a full disk, a closed pipe. */
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/**
 * Opens the process's standard output, or a file for appending; a missing folder is made.
 * @throws Deno.errors.NotCapable without permission to write the file, and what the system says.
 */
export function openLogSink(to: "stdout" | { readonly file: string }): LogSink {
  if (to === "stdout") return { write: (bytes) => writeAll(Deno.stdout, bytes), close: () => {} };
  const file = openAppend(to.file);
  return { write: (bytes) => writeAll(file, bytes), close: () => file.close() };
}

function openAppend(path: string): Deno.FsFile {
  const open = () => Deno.openSync(path, { append: true, create: true });
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    Deno.mkdirSync(dirname(path), { recursive: true });
    return open();
  }
}
