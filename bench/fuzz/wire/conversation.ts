/** One connection to a server: everything said to it, and everything that it said. @module */

import { toBytes, toText } from "../../../tests/support/latin1.ts";

/** How a conversation went. */
export interface Conversation {
  readonly received: string;
  /** `closed`: the server closed or reset the connection; `waiting`: it did neither, and said nothing more. */
  readonly end: "closed" | "waiting";
}

/**
 * Sends `pieces`, one segment each, and listens until the server closes. One that is silent for `patience` milliseconds is
 * told that nothing more will come, and has as long again.
 */
export async function converse(port: number, pieces: readonly string[], patience: number): Promise<Conversation> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  const chunk = new Uint8Array(16384);
  let received = "", impatient = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      impatient = true;
      connection.closeWrite().catch(() => {});
      timer = setTimeout(() => connection.close(), patience);
    }, patience);
  };
  wait();
  try {
    const sending = send(connection, pieces);
    for (let count = await connection.read(chunk); count !== null; count = await connection.read(chunk)) {
      received += toText(chunk.subarray(0, count));
      if (!impatient) wait();
    }
    await sending;
  } catch {
    // A reset, or our own end of patience.
  }
  clearTimeout(timer);
  try {
    connection.close();
  } catch {
    // It was closed when patience ended.
  }
  return { received, end: impatient ? "waiting" : "closed" };
}

/** A server that refuses may close while it is still being talked to. */
async function send(connection: Deno.TcpConn, pieces: readonly string[]): Promise<void> {
  try {
    for (const piece of pieces) {
      const bytes = toBytes(piece);
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    }
  } catch {
    // What it said before is read all the same.
  }
}
