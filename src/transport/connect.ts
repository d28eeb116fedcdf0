/** Sockets of the runtime. @module */

import type { ByteStream } from "../core/byte_stream.ts";
import type { Address } from "./socket.ts";
import { connectTls } from "./tls_socket.ts";

/** Connects over TCP, over a Unix socket, or over TLS, as the address says. @throws whatever the runtime says about the failure */
export async function connect(address: Address, signal: AbortSignal): Promise<ByteStream> {
  if (address.tls !== null) return await connectTls(address.hostname, address.port, address.tls, signal);
  const { hostname, port, path } = address;
  const conn = path === undefined
    ? await Deno.connect({ hostname, port, signal })
    : await Deno.connect({ transport: "unix", path });
  if (signal.aborted) {
    conn.close();
    throw signal.reason;
  }
  if ("setNoDelay" in conn) conn.setNoDelay(true);
  return conn;
}
