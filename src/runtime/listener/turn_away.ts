/** Connections that are too many. @module */

import type { ByteStream } from "../../core/byte_stream.ts";

const TOO_MANY: Uint8Array = new TextEncoder().encode(
  "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\nconnection: close\r\n\r\n",
);

/** Says why, in HTTP/1.1, and closes. Nobody waits for it: what the system does not take at once is lost. */
export function turnAway(stream: ByteStream): void {
  stream.write(TOO_MANY).catch(() => {}).finally(() => stream.close());
}
