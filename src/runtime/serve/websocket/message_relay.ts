/** WebSocket messages both ways between the runtime's socket and an endpoint. @module */

import type { ByteStream } from "../../../core/byte_stream.ts";
import type { Clock } from "../../../core/clock.ts";
import type { Deadline, TimerWheel } from "../../../core/timer_wheel.ts";
import { GOING_AWAY, isSendable, NO_STATUS, TOO_BIG } from "../../../http/websocket/close_code.ts";
import { FrameDecoder } from "../../../http/websocket/frame_decoder.ts";
import { type Message, MessageAssembler } from "../../../http/websocket/message_assembler.ts";
import { BINARY, isControl, TEXT } from "../../../http/websocket/opcode.ts";
import { WebSocketError } from "../../../http/websocket/websocket_error.ts";
import { ClientPace } from "./client_pace.ts";
import { FrameSender, type SenderEvents } from "./frame_sender.ts";
import type { RelayLimits } from "./relay_limits.ts";

/** Close codes for the side that did nothing wrong (RFC 6455 §7.4.1, and IANA's registry). */
const UNEXPECTED = 1011, TRY_AGAIN_LATER = 1013;

/** What the endpoint's bytes are read into. */
const PIECE = 16 * 1024;

/** Milliseconds for the runtime to open its socket: of a client that left just before, it never says anything. */
const OPEN_MS = 10_000;

/** Milliseconds in which the other side should answer a Close frame. */
const CLOSE_MS = 10_000;

/** What a relay depends on. */
export interface RelayOptions {
  readonly limits: RelayLimits;
  readonly deadlines: TimerWheel;
  readonly clock: Clock;
}

/** What came of it. */
export interface RelayEnd {
  /** Bytes of payload from the client. */
  readonly bytesIn: number;
  /** Bytes of payload from the endpoint. */
  readonly bytesOut: number;
  /** A failure code, or `""`. */
  readonly error: string;
}

/** `closing`: a Close frame or the end is on its way to that side, and nothing follows it. */
type Side = "opening" | "open" | "closing" | "closed";

type Goodbye = readonly [code: number, reason: string];

const GOODBYE: Goodbye = [GOING_AWAY, "going away"];

const encoder = new TextEncoder();

/**
 * Relays whole messages; pings and the closing handshake (RFC 6455 §7.1.2) end at each side. A side that breaks off without
 * a Close frame is told of as such where it can be: the endpoint's stream just ends, but the runtime's socket cannot be
 * dropped, so the client gets a 1011.
 */
export class MessageRelay implements SenderEvents {
  readonly #socket: WebSocket;
  readonly #stream: ByteStream;
  readonly #options: RelayOptions;
  readonly #sender: FrameSender;
  readonly #pace: ClientPace;
  readonly #decoder = new FrameDecoder(false);
  readonly #assembler: MessageAssembler;
  readonly #ready = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<RelayEnd>();
  #client: Side = "opening";
  #endpoint: Side = "open";
  /** What the client is told when it is there. */
  #goodbye: Goodbye | null = null;
  /** Whether the endpoint has sent its Close frame. */
  #heardClose = false;
  /** Whether what the endpoint sends makes no sense any more. */
  #deaf = false;
  /** Whether the client left without a word, so that the endpoint has nobody to talk to. */
  #abandoned = false;
  #active: number;
  #deadline: Deadline | null = null;
  #leaving = false;
  #bytesIn = 0;
  #bytesOut = 0;
  #error = "";

  /** @param socket one that has not been opened yet */
  constructor(socket: WebSocket, endpoint: ByteStream, options: RelayOptions) {
    this.#socket = socket;
    this.#stream = endpoint;
    this.#options = options;
    this.#sender = new FrameSender(endpoint, this);
    this.#pace = new ClientPace(socket, options.limits.buffered, options.clock);
    this.#assembler = new MessageAssembler(options.limits.message);
    this.#active = options.clock.now();
  }

  /** Relays until both sides have ended. It does not reject. */
  run(): Promise<RelayEnd> {
    const socket = this.#socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => this.#fromClient(data);
    // Where the connection breaks off before the socket is open, nothing but the error is told.
    socket.onerror = () => this.#clientGone();
    socket.onclose = ({ wasClean, code, reason }) => wasClean ? this.#clientClosed(code, reason) : this.#clientGone();
    this.#deadline = this.#options.deadlines.after(OPEN_MS, () => this.#clientGone());
    this.#read();
    return this.#over.promise;
  }

  /** The gateway stops: both sides are told so. */
  stop(): void {
    this.#part(...GOODBYE, GOING_AWAY, "");
  }

  /** Ends both sides at once. */
  close(): void {
    this.#closeClient(...GOODBYE);
    this.#client = "closed";
    this.#endpointOver();
    this.#settle();
  }

  flushed(): void {
    if ((this.#heardClose || this.#abandoned) && this.#sender.closed) this.#endpointOver();
  }

  failed(): void {
    this.#endpointLost();
  }

  #opened(): void {
    if (this.#client === "opening") {
      this.#client = "open";
      this.#deadline?.cancel();
      this.#watch(this.#options.limits.idle);
    } else this.#sayGoodbye(...(this.#goodbye ?? GOODBYE));
    this.#ready.resolve();
  }

  #fromClient(data: string | ArrayBuffer): void {
    if (this.#client !== "open" || this.#endpoint !== "open") return;
    const { limits } = this.#options, isText = typeof data === "string";
    const bytes = isText ? encoder.encode(data) : new Uint8Array(data);
    this.#touch();
    this.#bytesIn += bytes.length;
    if (bytes.length > limits.message) return this.#part(TOO_BIG, "too big", GOING_AWAY, "message_too_large");
    if (this.#sender.pending > limits.waiting) {
      return this.#part(TRY_AGAIN_LATER, "the upstream does not keep up", GOING_AWAY, "tunnel_overflow");
    }
    this.#sender.send(isText ? TEXT : BINARY, bytes);
  }

  #fromEndpoint(message: Message): void {
    switch (message.kind) {
      case "text":
        return this.#toClient(message.text);
      case "binary":
        return this.#toClient(message.bytes);
      case "ping":
        return this.#sender.pong(message.bytes);
      case "close": {
        this.#heardClose = true;
        this.#closeClient(message.code, message.reason);
        this.#closeEndpoint(message.code, "");
        if (this.#sender.idle) this.#endpointOver();
      }
    }
  }

  #toClient(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#client === "open") this.#socket.send(data);
  }

  async #read(): Promise<void> {
    await this.#ready.promise;
    const buffer = new Uint8Array(PIECE);
    while (this.#endpoint !== "closed") {
      const count = await this.#stream.read(buffer).catch(() => null);
      if (count === null) return this.#endpointLost();
      this.#touch();
      if (!this.#deaf && !this.#heardClose) this.#take(buffer, count);
      if (this.#pace.behind) await this.#pace.caughtUp(() => this.#touch());
    }
  }

  #take(buffer: Uint8Array, count: number): void {
    try {
      for (const chunk of this.#decoder.decode(buffer, 0, count)) {
        if (this.#client === "open" && !isControl(chunk.opcode)) this.#bytesOut += chunk.payload.length;
        const message = this.#assembler.add(chunk);
        if (message !== null) this.#fromEndpoint(message);
      }
    } catch (error) {
      if (!(error instanceof WebSocketError)) throw error;
      if (this.#heardClose) return;
      this.#deaf = true;
      this.#part(UNEXPECTED, "the upstream broke the protocol", error.closeCode, "upstream_protocol_error");
      // It need not answer, and might go on and on.
      this.#sender.end();
    }
  }

  #clientClosed(code: number, reason: string): void {
    if (this.#client === "closed") return;
    this.#client = "closed";
    if (isSendable(code)) this.#closeEndpoint(code, reason);
    else this.#closeEndpoint(NO_STATUS, "");
    this.#settle();
  }

  /** The client's connection ended without a Close frame. */
  #clientGone(): void {
    if (this.#client === "closed") return;
    if (this.#client !== "closing") this.#error ||= "client_closed_request";
    this.#client = "closed";
    this.#ready.resolve();
    if (this.#endpoint === "open") {
      this.#endpoint = "closing";
      this.#abandoned = true;
      this.#sender.end();
    }
    this.#settle();
  }

  /** The endpoint's connection ended. */
  #endpointLost(): void {
    if (this.#endpoint === "open") {
      this.#error ||= "upstream_reset";
      this.#closeClient(UNEXPECTED, "the upstream broke off");
    }
    this.#endpointOver();
  }

  #endpointOver(): void {
    if (this.#endpoint === "closed") return;
    this.#endpoint = "closed";
    this.#stream.close();
    this.#settle();
  }

  /** Takes leave of both sides. */
  #part(clientCode: number, reason: string, endpointCode: number, error: string): void {
    this.#error ||= error;
    this.#closeClient(clientCode, reason);
    this.#closeEndpoint(endpointCode, reason);
  }

  #closeClient(code: number, reason: string): void {
    if (this.#client === "opening") this.#goodbye = [code, reason];
    else if (this.#client === "open") this.#sayGoodbye(code, reason);
    else return;
    this.#client = "closing";
    this.#settle();
  }

  #sayGoodbye(code: number, reason: string): void {
    if (code === NO_STATUS) this.#socket.close();
    else this.#socket.close(code, reason);
  }

  #closeEndpoint(code: number, reason: string): void {
    if (this.#endpoint !== "open") return;
    this.#endpoint = "closing";
    this.#sender.close(code, reason);
    this.#settle();
  }

  /** Something has ended: when everything has, it is over; until then the rest has a while. */
  #settle(): void {
    if (this.#client === "closed" && this.#endpoint === "closed") {
      this.#deadline?.cancel();
      this.#pace.stop();
      this.#ready.resolve();
      this.#over.resolve({ bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, error: this.#error });
    } else if (!this.#leaving) {
      this.#leaving = true;
      this.#deadline?.cancel();
      this.#deadline = this.#options.deadlines.after(CLOSE_MS, () => this.close());
    }
  }

  #touch(): void {
    this.#active = this.#options.clock.now();
  }

  #watch(ms: number): void {
    this.#deadline = this.#options.deadlines.after(ms, () => {
      const left = this.#active + this.#options.limits.idle - this.#options.clock.now();
      if (left > 0) this.#watch(left);
      else this.#part(GOING_AWAY, "idle", GOING_AWAY, "tunnel_idle_timeout");
    });
  }
}
