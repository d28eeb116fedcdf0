/**
 * Asks a program for its version, which also tells whether it is there.
 *
 * @module
 */

/**
 * Runs `command` with `args` and returns the first line that it prints, on either stream; undefined when there is no
 * such program. The exit status does not count: `wrk -v` ends with 1.
 */
export async function firstLineOf(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null" }).output();
    const decoder = new TextDecoder();
    const text = decoder.decode(stdout) + decoder.decode(stderr);
    return text.split("\n").map((line) => line.trim()).find((line) => line !== "") ?? "";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
