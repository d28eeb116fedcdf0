/** One question to one nameserver: over UDP, and over TCP where the answer did not fit (RFC 1035 §4.2). @module */

import { createSocket } from "node:dgram";
import { closeQuietly } from "../../core/close_quietly.ts";
import { writeAll } from "../../core/write_all.ts";
import { normaliseAddress } from "../../core/ip_address.ts";
import { decodeAnswer, type DnsAnswer, type DnsQuestion, encodeQuestion } from "./dns_message.ts";

/** A nameserver's address and port. */
export interface Nameserver {
  /** An IP address, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

type Decode = (bytes: Uint8Array) => DnsAnswer | null;

/**
 * Asks once and waits for the answer, whatever it says, until `signal` is aborted.
 * @throws when the signal is aborted, when the network fails, {@link Deno.errors.NotCapable}
 */
export async function askNameserver(
  server: Nameserver,
  question: DnsQuestion,
  signal: AbortSignal,
): Promise<DnsAnswer> {
  await checkPermission(server);
  signal.throwIfAborted();
  // Together with the port that the system picks at random, this is what a forger would have to guess (RFC 5452 §4).
  const [id] = crypto.getRandomValues(new Uint16Array(1));
  const message = encodeQuestion(id, question);
  const decode: Decode = (bytes) => decodeAnswer(bytes, id, question);
  const answer = await overUdp(server, message, decode, signal);
  return answer.truncated ? await overTcp(server, message, decode, signal) : answer;
}

/** A socket that may not be bound throws where nobody can catch it, so it is not even tried. */
async function checkPermission({ hostname, port }: Nameserver): Promise<void> {
  const v6 = hostname.includes(":");
  for (const host of [v6 ? "[::]:0" : "0.0.0.0:0", v6 ? `[${hostname}]:${port}` : `${hostname}:${port}`]) {
    const { state } = await Deno.permissions.query({ name: "net", host });
    if (state !== "granted") throw new Deno.errors.NotCapable(`asking a nameserver needs --allow-net=${host}`);
  }
}

async function overUdp(server: Nameserver, message: Uint8Array, decode: Decode, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<DnsAnswer>();
  const stop = () => reject(signal.reason);
  const socket = createSocket(server.hostname.includes(":") ? "udp6" : "udp4");
  socket.on("error", reject);
  socket.on("message", (bytes, from) => {
    if (from.port !== server.port || normaliseAddress(from.address) !== normaliseAddress(server.hostname)) return;
    const answer = decode(bytes);
    if (answer !== null) resolve(answer);
  });
  signal.addEventListener("abort", stop);
  try {
    socket.send(message, server.port, server.hostname, (error) => {
      if (error !== null) reject(error);
    });
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    socket.close();
  }
}

async function overTcp(server: Nameserver, message: Uint8Array, decode: Decode, signal: AbortSignal) {
  const conn = await Deno.connect({ ...server, signal });
  const stop = () => closeQuietly(conn);
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    await writeAll(conn, new Uint8Array([message.length >> 8, message.length & 255, ...message]));
    const length = await readFully(conn, 2);
    const answer = decode(await readFully(conn, length[0] << 8 | length[1]));
    if (answer === null) throw new Error("what came over TCP is no answer to the question");
    return answer;
  } finally {
    signal.removeEventListener("abort", stop);
    closeQuietly(conn);
  }
}

async function readFully(conn: Deno.Conn, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const count = await conn.read(bytes.subarray(filled));
    if (count === null) throw new Error("the connection ended before the answer did");
    filled += count;
  }
  return bytes;
}
