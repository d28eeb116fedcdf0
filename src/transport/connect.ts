/** Sockets of the runtime. @module */

import type { Address, Socket } from "./socket.ts";
import { connectTls } from "./tls_socket.ts";

/** Connects over TCP, or over TLS where the address says so. @throws whatever the runtime says about the failure */
export async function connect(address: Address, signal: AbortSignal): Promise<Socket> {
  if (address.tls !== null) return await connectTls(address.hostname, address.port, address.tls, signal);
  const conn = await Deno.connect({ hostname: address.hostname, port: address.port, signal });
  if (signal.aborted) {
    conn.close();
    throw signal.reason;
  }
  conn.setNoDelay(true);
  return conn;
}
