/** HTTP without TLS on a port with TLS. @module */

import { writeAll } from "../../core/write_all.ts";
import type { ByteStream } from "../../core/byte_stream.ts";

/** Bytes of a request that are read before the connection is closed under a client that still sends. */
const MOST_BYTES = 64 * 1024;

const DOCUMENT = JSON.stringify({
  type: "urn:gatewright:problem:https_required",
  title: "Bad Request",
  status: 400,
  code: "https_required",
  detail: "This port speaks TLS: use https.",
});

const ANSWER: Uint8Array = new TextEncoder().encode(
  "HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n" +
    `content-length: ${DOCUMENT.length}\r\nconnection: close\r\n\r\n${DOCUMENT}`,
);

/** Whether a connection's first byte is that of a method rather than of a TLS record (RFC 8446 §5.1). */
export function isPlainHttp(first: number): boolean {
  return first >= 0x41 && first <= 0x5a;
}

/** Says so, and hears the client out for a little: the answer would be lost if bytes were left unread. @throws what the stream throws */
export async function refusePlainHttp(stream: ByteStream): Promise<void> {
  await writeAll(stream, ANSWER);
  await stream.closeWrite();
  const into = new Uint8Array(4096);
  for (let heard = 0, count; heard < MOST_BYTES; heard += count) {
    count = await stream.read(into);
    if (count === null) return;
  }
}
