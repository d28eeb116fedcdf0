/** Where commands print. @module */

/** Standard output and standard error, as far as commands care. */
export interface Terminal {
  /** Prints text as it is to standard output. */
  out(text: string): void;
  /** Prints text as it is to standard error. */
  err(text: string): void;
  /** Whether a person reads standard error. */
  readonly errIsTerminal: boolean;
  /** Whether text on a terminal may be coloured. */
  readonly colors: boolean;
}

/** The process's own. What cannot be printed is lost: a reader that is gone must not stop a gateway. */
export function processTerminal(): Terminal {
  return {
    out: (text) => print(Deno.stdout, text),
    err: (text) => print(Deno.stderr, text),
    errIsTerminal: Deno.stderr.isTerminal(),
    colors: !Deno.noColor,
  };
}

function print(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
