/** What a log says when the process ends without waiting for it. @module */

import type { LineWriter } from "./line_writer.ts";

/** From now on what the writer holds is written when the process ends by `Deno.exit`. The result ends that. */
export function keepLastWords(writer: LineWriter): () => void {
  const write = () => writer.flushSync();
  globalThis.addEventListener("unload", write);
  return () => globalThis.removeEventListener("unload", write);
}
