/** Passwords from standard input: never from the command line, which others see and shells remember. @module */

const ENTER = ["\r", "\n"], BACKSPACE = ["\x7f", "\b"];
/** Ctrl-C and Ctrl-D: a terminal in raw mode gives them as they are. */
const LEAVE = ["\x03", "\x04"];

/**
 * What stands on standard input, without its final line break. A person is asked, and what they type is not shown.
 *
 * @param what is asked for
 */
export async function readPassword(what = "Password"): Promise<string> {
  if (Deno.stdin.isTerminal()) return await typed(what);
  const text = await new Response(Deno.stdin.readable).text();
  return text.replace(/\r?\n$/, "");
}

async function typed(what: string): Promise<string> {
  const decoder = new TextDecoder(), buffer = new Uint8Array(256);
  let text = "";
  Deno.stderr.writeSync(new TextEncoder().encode(`${what}: `));
  Deno.stdin.setRaw(true);
  try {
    for (;;) {
      const count = await Deno.stdin.read(buffer);
      if (count === null) return text;
      for (const sign of decoder.decode(buffer.subarray(0, count), { stream: true })) {
        if (ENTER.includes(sign)) return text;
        if (LEAVE.includes(sign)) return "";
        text = BACKSPACE.includes(sign) ? [...text].slice(0, -1).join("") : text + sign;
      }
    }
  } finally {
    Deno.stdin.setRaw(false);
    Deno.stderr.writeSync(new TextEncoder().encode("\n"));
  }
}
