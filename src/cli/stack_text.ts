/** Stacks, for `--debug`. @module */

/** An error's stack with those of its causes, and a line break after it. */
export function stackText(error: unknown): string {
  return `${stackOf(error)}\n`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, stack = String(error) } = error;
  return cause === undefined ? stack : `${stack}\nCaused by ${stackOf(cause)}`;
}
