/** Paths of Unix sockets as settings. @module */

import { Buffer } from "node:buffer";
import type { z } from "zod";
import { Refusal } from "../../settings/scalar.ts";
import { text } from "../../settings/text.ts";

/** What `sockaddr_un` has room for on Linux, without the final NUL (unix(7)). */
const LONGEST = 107;

/** Why a text is no absolute path of a socket, or `null`. @param prefix what stands before the path in a config: `unix:` */
export function socketPathError(path: string, prefix = ""): Refusal | null {
  if (!path.startsWith("/") || path.startsWith("//")) {
    const rest = path.replace(/^[./]*/, "") || "run/app.sock";
    return new Refusal("the path of a socket is absolute and begins with one slash", `"${prefix}/${rest}"`);
  }
  if (path.endsWith("/")) return new Refusal("this is the path of a folder", `"${prefix}${path}app.sock"`);
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(path)) return new Refusal("the path of a socket has no control characters");
  if (Buffer.byteLength(path) <= LONGEST) return null;
  return new Refusal(`the path of a socket has at most ${LONGEST} bytes`, "a shorter path, such as one in /run");
}

/** The absolute path of a Unix socket. */
export function socketPath(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'the path of a Unix socket, such as "/run/gateway.sock"',
    json: { pattern: "^/[^/]" },
    read: (path) => socketPathError(path) ?? path,
  });
}
