/** Sends the answers of one connection, one after another. @module */

import { type BodySource, isBodySource } from "../../core/body.ts";
import type { Reply } from "../../core/reply.ts";
import { encodeLatin1 } from "../../http/latin1.ts";
import { bodyFaultCode } from "../body_faults.ts";
import { dropReply } from "../../core/drop_reply.ts";
import type { StreamEnding } from "../stream_ending.ts";
import type { ClientWriter } from "./client_writer.ts";
import type { H1Exchange } from "./h1_exchange.ts";
import type { ListenerService } from "./listener_service.ts";
import type { ReplyWire } from "./reply_head.ts";
import { ReplyStream } from "./reply_stream.ts";

/** Told when an answer is out, or will never be. */
export type Sent = (ending: StreamEnding) => void;

/** A whole answer goes out in one write; a body that is still arriving, piece by piece behind its head. */
export class ReplySender {
  /** Whether the connection goes on after the answer. */
  keep = false;
  status = 0;
  /** Bytes of the body, framing not counted. */
  bytesOut = 0;
  /** Why the body broke off: a failure code. */
  fault = "";
  readonly #writer: ClientWriter;
  readonly #service: ListenerService;
  readonly #done: Sent;
  /** The buffer that a whole answer is written from. */
  #out: Uint8Array | null = null;
  /** The body that is being streamed. */
  #source: BodySource | null = null;
  readonly #onSent = (ok: boolean) => this.#sent(ok);

  constructor(writer: ClientWriter, service: ListenerService, done: Sent) {
    this.#writer = writer;
    this.#service = service;
    this.#done = done;
  }

  /** Sends an answer. @param persistent whether the connection would go on after it */
  send(exchange: H1Exchange, reply: Reply, persistent: boolean): void {
    const { heads, sweep, host, limits, buffers } = this.#service;
    let wire;
    try {
      wire = heads.write(exchange, reply, sweep.date, persistent);
    } catch (cause) {
      // A reply that cannot be sent, such as one with a status that a policy made up, is its maker's crash.
      dropReply(reply);
      reply = host.crashed(exchange, cause);
      wire = heads.write(exchange, reply, sweep.date, persistent);
    }
    const { body } = reply;
    this.keep = wire.keep;
    this.status = reply.status;
    exchange.answered = reply.headers;
    if (!isBodySource(body)) return this.#sendWhole(wire, wire.framing === "none" ? null : body);
    if (wire.framing === "none") {
      body.cancel();
      return this.#sendWhole(wire, null);
    }
    this.#source = body;
    this.#writer.expect(limits.minRate);
    const stream = new ReplyStream(body, this.#writer, wire.head, wire.framing);
    stream.send(buffers).then((ending) => this.#streamed(stream, ending));
  }

  /** Sends an interim answer (RFC 9110 §15.2). */
  inform(status: number, fields: readonly string[]): void {
    const text = this.#service.heads.interim(status, fields), bytes = new Uint8Array(text.length);
    encodeLatin1(text, bytes, 0);
    this.#writer.send(bytes, () => {});
  }

  /** Nobody takes the body that is being streamed: its source is told. */
  cancel(): void {
    this.#source?.cancel();
  }

  #sendWhole(wire: ReplyWire, body: Uint8Array | null): void {
    const { usual } = this.#service.buffers, headLength = (wire.prefix?.length ?? 0) + wire.head.length;
    const length = body === null ? 0 : body.length;
    this.bytesOut = length;
    if (headLength + length <= usual.size) {
      const buffer = this.#out = usual.take();
      writeHead(wire, buffer);
      if (body !== null) buffer.set(body, headLength);
      return this.#writer.send(buffer.subarray(0, headLength + length), this.#onSent);
    }
    this.#writer.expect(this.#service.limits.minRate);
    const first = new Uint8Array(headLength);
    writeHead(wire, first);
    this.#writer.send(first, () => {});
    this.#writer.send(body ?? new Uint8Array(0), this.#onSent);
  }

  #sent(ok: boolean): void {
    const out = this.#out;
    this.#out = null;
    if (out === null) this.#writer.expect(null);
    else this.#service.buffers.usual.give(out);
    this.#done(ok ? "complete" : "left");
  }

  #streamed(stream: ReplyStream, ending: StreamEnding): void {
    this.#source = null;
    this.#writer.expect(null);
    this.bytesOut = stream.bytes;
    if (ending === "broken") this.fault = bodyFaultCode(stream.cause);
    this.#done(ending);
  }
}

function writeHead({ prefix, head }: ReplyWire, into: Uint8Array): void {
  if (prefix !== null) into.set(prefix);
  encodeLatin1(head, into, prefix?.length ?? 0);
}
