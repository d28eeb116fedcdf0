/** Prometheus' own checks. @module */

import type { Requirement } from "./requires.ts";

/**
 * Runs it.
 *
 * @param input what it reads from its standard input
 * @returns what it has to complain of; `""` when it is content
 */
export async function promtool({ paths }: Requirement, args: readonly string[], input = ""): Promise<string> {
  const command = new Deno.Command(paths.get("promtool")!, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  // One that stops reading has found a mistake, and tells it.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder(), said = decoder.decode(stderr);
  return code === 0 && said === "" ? "" : `${said}${decoder.decode(stdout)}` || `exit code ${code}`;
}
