/** Where log lines go. @module */

import { dirname } from "node:path";
import { writeAll } from "../../core/write_all.ts";

/** Takes batches of bytes. The writer has one batch under way at a time. */
export interface LogSink {
  /** Resolves when every byte is written. @throws what the system says: a full disk, a closed pipe. */
  write(bytes: Uint8Array): Promise<void>;
  /** For the last words of a process that ends at once. @throws as {@link write} */
  writeSync?(bytes: Uint8Array): void;
  /** Opens a file anew under its name: a rotation has moved it. @throws what the system says; then the earlier file stays. */
  reopen?(): void;
  close(): void;
}

/**
 * Opens a standard stream of the process, or a file for appending; a missing folder is made.
 * @throws Deno.errors.NotCapable without permission to write the file, and what the system says.
 */
export function openLogSink(to: "stdout" | "stderr" | { readonly file: string }): LogSink {
  if (typeof to === "object") return new FileSink(to.file);
  const stream = to === "stdout" ? Deno.stdout : Deno.stderr;
  return {
    write: (bytes) => writeAll(stream, bytes),
    writeSync: (bytes) => writeAllSync(stream, bytes),
    close() {},
  };
}

/** A file that can be moved away under the writer. */
class FileSink implements LogSink {
  readonly #path: string;
  #file: Deno.FsFile;
  /** The file that a write is under way to. */
  #busy: Deno.FsFile | null = null;

  constructor(path: string) {
    this.#path = path;
    this.#file = openAppend(path);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const file = this.#busy = this.#file;
    try {
      await writeAll(file, bytes);
    } finally {
      this.#busy = null;
      if (file !== this.#file) file.close();
    }
  }

  writeSync(bytes: Uint8Array): void {
    writeAllSync(this.#file, bytes);
  }

  reopen(): void {
    const before = this.#file;
    this.#file = openAppend(this.#path);
    if (before !== this.#busy) before.close();
  }

  close(): void {
    this.#file.close();
  }
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

function writeAllSync(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
}
