/** The file of a Unix socket that is to be listened on. @module */

/**
 * Makes way for a listener on a Unix socket: a socket file that a process left behind when it died is removed. Whether it
 * died is asked by connecting. Nothing is removed that is no socket, or that was replaced in the meantime.
 *
 * Listening afterwards still fails with `AddrInUse` if another process was faster.
 *
 * @param path absolute
 * @throws `Deno.errors.AddrInUse` where somebody listens there or nobody can tell, and where the file is no socket; the
 * runtime's own error where the file cannot be looked at or removed
 */
export async function claimSocketFile(path: string): Promise<void> {
  const found = look(path);
  if (found === null) return;
  if (!found.isSocket) {
    throw new Deno.errors.AddrInUse(`${path} is there already and is no socket; remove it, or listen on another path`);
  }
  const refusal = await connect(path);
  if (refusal === null) {
    throw new Deno.errors.AddrInUse(`another process listens on ${path}; stop it, or listen on another path`);
  }
  if (refusal instanceof Deno.errors.NotFound) return;
  if (!(refusal instanceof Deno.errors.ConnectionRefused)) {
    const reason = refusal instanceof Error ? refusal.message : String(refusal);
    throw new Deno.errors.AddrInUse(
      `whether another process listens on ${path} is not known (${reason}); remove the file, or listen on another path`,
    );
  }
  const still = look(path);
  if (still !== null && still.ino === found.ino && still.dev === found.dev) Deno.removeSync(path);
}

function look(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Why nobody can be connected to, or `null` when somebody can. */
async function connect(path: string): Promise<unknown> {
  try {
    const connection = await Deno.connect({ transport: "unix", path });
    connection.close();
    return null;
  } catch (error) {
    return error;
  }
}
