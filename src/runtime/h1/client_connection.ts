/** One connection of a client: one request at a time, in the order in which they come. @module */

import { closeQuietly } from "../../core/close_quietly.ts";
import type { ByteStream } from "../../core/byte_stream.ts";
import type { Client } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import { encodeLatin1 } from "../../http/latin1.ts";
import { CLIENT_CLOSED } from "../body_faults.ts";
import { dropReply } from "../../core/drop_reply.ts";
import type { Informer } from "../intake/received_exchange.ts";
import { type Refusal, refusalReply } from "../intake/refusal.ts";
import { HEAD_TOO_SLOW, SHUTTING_DOWN } from "../intake/refusals.ts";
import type { StreamEnding } from "../stream_ending.ts";
import { BodyIntake } from "./body_intake.ts";
import { ClientInput, type InputEvents } from "./client_input.ts";
import { ClientWriter } from "./client_writer.ts";
import { H1Exchange } from "./h1_exchange.ts";
import { HeadIntake } from "./head_intake.ts";
import type { ListenerService } from "./listener_service.ts";
import { Relay } from "./relay.ts";
import { ReplySender } from "./reply_sender.ts";
import type { Swept } from "../pace/sweep.ts";

/**
 * A client that still sends may lose its answer when the connection closes under it, so what comes is read for a while:
 * bytes and milliseconds at most.
 */
const LINGER_BYTES = 64 * 1024 * 1024, LINGER_MS = 5_000;
/**
 * Milliseconds that an answer may still take when the client has sent its last byte: the end of a stream says that it
 * left, or that it has merely nothing more to say.
 */
const HALF_CLOSED_MS = 500;
/** Milliseconds for last words when the gateway stops. */
const CUT_MS = 1_000;

/** What a connection reads into that is only heard out. */
const LINGER_PIECE = 64 * 1024;

/**
 * `Idle`: between two requests. `Head`: some of a head is here. `Exchange`: it is being answered. `Discard`: the rest of a
 * body nobody wanted. `Linger`: answered for the last time, and the client still sends. `Relay`: another protocol.
 */
const enum State {
  Idle,
  Head,
  Exchange,
  Discard,
  Linger,
  Relay,
  Closed,
}

/** Reads requests and writes answers. While an exchange is under way a read is pending, so that a client's leaving is seen. */
export class ClientConnection implements Swept, InputEvents, Informer {
  readonly client: Client;
  readonly #stream: ByteStream;
  readonly #service: ListenerService;
  readonly #input: ClientInput;
  readonly #heads: HeadIntake;
  readonly #bodies: BodyIntake;
  readonly #writer: ClientWriter;
  readonly #sender: ReplySender;
  #state = State.Idle;
  /** The tick at which what is waited for should have come. */
  #due: number;
  #exchange: H1Exchange | null = null;
  /** Whether it has had a request. */
  #served = false;
  /** Whether the exchange has its answer: a later one is dropped. */
  #answered = false;
  #relay: Relay | null = null;
  /** Bytes moved when the client sent its last byte. */
  #movedAtEnd = 0;
  #lingered = 0;
  /** Whether the client took the last request for one that others may follow: they may be on their way. */
  #mayAskMore = false;
  /** Why the exchange broke off, where the connection knows it. */
  #reason = "";
  readonly #onReply = (reply: Reply) => this.#answer(reply);
  readonly #onCrash = (cause: unknown) => this.#crashed(cause);

  /**
   * @param ready bytes that have been read from the stream already
   * @param due the tick at which the first head must be here: a connection that never says anything has as long as one
   * that says half a head
   */
  constructor(
    stream: ByteStream,
    client: Client,
    service: ListenerService,
    ready: Uint8Array | null = null,
    due: number = service.sweep.after(service.timeouts.header),
  ) {
    const { limits, sweep, timeouts, reader } = service;
    this.client = client;
    this.#stream = stream;
    this.#service = service;
    this.#input = new ClientInput(stream, limits.headerBytes, ready, this);
    this.#heads = new HeadIntake(reader, limits.headerBytes);
    this.#writer = new ClientWriter(stream, sweep, timeouts.write);
    this.#sender = new ReplySender(this.#writer, service, (ending) => this.#over(ending));
    this.#bodies = new BodyIntake(this.#input, this.#writer, service, {
      over: () => this.#watch(),
      left: () => this.#leave(),
    });
    this.#due = due;
  }

  /** What it is since it speaks another protocol; `null`: it speaks HTTP. */
  get tunnel(): "websocket" | "other" | null {
    return this.#state === State.Relay ? this.#relay!.kind : null;
  }

  /** Begins to read. */
  start(): void {
    if (this.#input.buffer.length > 0) this.#readHead();
    else this.#input.arm();
  }

  /** The gateway stops: an idle connection ends at once, one with an exchange after it. */
  drain(): void {
    if (this.#state === State.Idle && this.#input.buffer.length === 0) this.close();
    this.#relay?.stop();
  }

  /** Gives up whatever is under way: 503 where there is no answer yet. */
  cut(): void {
    const exchange = this.#exchange;
    this.#reason = SHUTTING_DOWN.code;
    if (exchange === null || this.#answered) return this.#leave();
    exchange.persistent = false;
    this.#answer(this.#service.host.local(exchange, (exchange) => refusalReply(SHUTTING_DOWN, exchange)));
    exchange.abort();
    this.#writer.due = this.#service.sweep.after(CUT_MS);
  }

  /** Closes at once, whatever goes on. */
  close(): void {
    if (this.#state === State.Closed) return;
    this.#state = State.Closed;
    this.#input.close();
    this.#bodies.fail("the connection was closed");
    this.#relay?.close();
    closeQuietly(this.#stream);
    this.#service.closed(this);
  }

  look(tick: number): void {
    if (tick >= this.#due) this.#overdue();
    this.#bodies.look(tick);
    if (tick >= this.#writer.due || this.#writer.tooSlow) {
      this.#reason ||= "client_write_timeout";
      this.#leave();
    }
    this.#relay?.look();
  }

  inform(status: number, fields: readonly string[]): void {
    if (!this.#answered && this.#state === State.Exchange) this.#sender.inform(status, fields);
  }

  received(count: number): void {
    switch (this.#state) {
      case State.Idle:
      case State.Head:
        return this.#readHead();
      case State.Exchange:
        this.#bodies.arrived(count);
        return this.#watch();
      case State.Discard:
        return this.#discard();
      case State.Linger:
        return this.#drop();
      case State.Relay:
        return this.#relay!.wake();
    }
  }

  ended(): void {
    if (this.#state === State.Relay) return this.#relay!.wake();
    if (this.#state !== State.Exchange) return this.close();
    if (!this.#bodies.mayBeHere) return this.#leave();
    this.#movedAtEnd = this.#moved;
    this.#due = this.#service.sweep.after(HALF_CLOSED_MS);
  }

  lost(): void {
    this.#leave();
  }

  /**
   * Reads ahead, as far as the buffer goes: nothing else tells of a client that leaves. One that leaves behind more than
   * that is noticed when somebody wants to write to it, or to read on.
   */
  #watch(): void {
    if (this.#state === State.Exchange) this.#input.arm();
  }

  /** Bytes that the exchange has moved, in either direction. */
  get #moved(): number {
    return this.#writer.written + this.#bodies.received;
  }

  #overdue(): void {
    this.#due = Infinity;
    if (this.#state === State.Head) return this.#refuse(HEAD_TOO_SLOW);
    if (this.#state !== State.Exchange) return this.close();
    // The client has sent its last byte. Whoever still takes bytes is there, and so is whoever's body is still passed on.
    if (this.#moved === this.#movedAtEnd) return this.#leave();
    this.#movedAtEnd = this.#moved;
    this.#due = this.#service.sweep.after(HALF_CLOSED_MS);
  }

  /** The client is gone, or is to go: nothing more can be told to it. */
  #leave(): void {
    const exchange = this.#exchange;
    this.close();
    this.#sender.cancel();
    exchange?.abort();
  }

  #readHead(): void {
    const input = this.#input;
    if (this.#state === State.Idle) {
      if (!this.#heads.begins(input.buffer)) return this.#needMore();
      this.#state = State.Head;
      // The first head's time began with the connection.
      if (this.#served) this.#due = this.#service.sweep.after(this.#service.timeouts.header);
    }
    const result = this.#heads.take(input.buffer, this.client);
    if (result === null) this.#needMore();
    else if (result instanceof H1Exchange) this.#begin(result);
    else this.#refuse(result);
  }

  #needMore(): void {
    if (this.#input.over) this.close();
    else this.#input.arm();
  }

  /** Answers what is no request; nothing more is read as one. */
  #refuse(refusal: Refusal): void {
    const exchange = this.#service.reader.blank(this.client, refusal);
    this.#enter(exchange);
    this.#answer(this.#service.host.local(exchange, exchange.local!));
  }

  #enter(exchange: H1Exchange): void {
    this.#state = State.Exchange;
    this.#due = this.#input.over ? this.#service.sweep.after(HALF_CLOSED_MS) : Infinity;
    this.#movedAtEnd = this.#moved;
    this.#exchange = exchange;
    this.#served = true;
    this.#answered = false;
    this.#service.began();
  }

  #begin(exchange: H1Exchange): void {
    this.#enter(exchange);
    // HTTP/1.0 knows no interim answers (RFC 9110 §15.2).
    if (exchange.http11) exchange.informer = this;
    const { host, overloaded } = this.#service, local = this.#bodies.take(exchange);
    this.#movedAtEnd = this.#moved;
    if (local !== null) return this.#answer(local);
    this.#watch();
    let reply;
    try {
      reply = overloaded ? host.overloaded(exchange) : host.handle(exchange);
    } catch (cause) {
      return this.#crashed(cause);
    }
    if (reply instanceof Promise) reply.then(this.#onReply, this.#onCrash);
    else this.#answer(reply);
  }

  #crashed(cause: unknown): void {
    if (this.#exchange !== null && !this.#answered) this.#answer(this.#service.host.crashed(this.#exchange, cause));
  }

  #answer(reply: Reply): void {
    const exchange = this.#exchange;
    if (exchange === null || this.#answered) return dropReply(reply);
    this.#answered = true;
    if (this.#state === State.Closed || exchange.aborted) {
      dropReply(reply);
      return this.#over("left");
    }
    if (reply.tunnel !== null) return this.#switch(exchange, reply, reply.tunnel);
    const goesOn = exchange.persistent && !this.#service.host.draining && this.#bodies.mayBeSkipped(exchange);
    // From here on a 100 would stand in the answer.
    exchange.expectsContinue = false;
    this.#sender.send(exchange, reply, goesOn);
  }

  /** The answer is out, or the client did not take it. */
  #over(ending: StreamEnding): void {
    const exchange = this.#exchange!, left = ending === "left" || this.#state === State.Closed, sender = this.#sender;
    if (left) exchange.error = "client_closed_request";
    else if (ending === "broken") exchange.error = sender.fault;
    if (this.#reason !== "") exchange.error = this.#reason;
    // After an answer that broke off the client must never take what it has for the whole.
    if (left || ending === "broken") this.close();
    if (left) exchange.abort();
    this.#mayAskMore = exchange.persistent && !this.#service.host.draining;
    this.#complete(exchange, left && this.#reason === "" ? CLIENT_CLOSED : sender.status);
    if (!left) this.#next();
  }

  #complete(exchange: H1Exchange, status: number): void {
    this.#bodies.end(exchange);
    this.#exchange = null;
    // An interim answer that comes now belongs to nobody: least of all to the next request.
    exchange.informer = null;
    this.#service.ended(exchange, status, this.#sender.bytesOut);
    this.#sender.bytesOut = 0;
  }

  #next(): void {
    const { sweep, timeouts, host } = this.#service, { buffer, over } = this.#input;
    if (this.#state === State.Closed) return;
    if (!this.#sender.keep || (over && buffer.length === 0)) return this.#finish();
    if (!this.#bodies.over) {
      this.#state = State.Discard;
      this.#due = sweep.after(timeouts.body);
      return this.#discard();
    }
    this.#state = State.Idle;
    if (host.draining && buffer.length === 0) return this.close();
    this.#due = sweep.after(timeouts.idle);
    if (buffer.length > 0) this.#readHead();
    else this.#input.arm();
  }

  /** Reads past the rest of a body. */
  #discard(): void {
    try {
      if (this.#bodies.skip()) this.#next();
      else this.#input.arm();
    } catch {
      this.close();
    }
  }

  /** The last answer is out. A client that may still be sending is heard out, or the system would take the answer from it. */
  #finish(): void {
    const sending = this.#mayAskMore || this.#input.buffer.length > 0 || !this.#bodies.over ||
      this.#sender.status >= 400;
    if (this.#input.over || !sending) return this.close();
    this.#state = State.Linger;
    this.#due = this.#service.sweep.after(LINGER_MS);
    this.#stream.closeWrite().catch(() => this.close());
    this.#drop();
  }

  #drop(): void {
    const { buffer } = this.#input;
    this.#lingered += buffer.length;
    if (this.#lingered > LINGER_BYTES) return this.close();
    buffer.start = buffer.end;
    this.#input.widen(LINGER_PIECE);
    this.#input.arm();
  }

  #switch(exchange: H1Exchange, reply: Reply, endpoint: ByteStream): void {
    const { sweep, timeouts, heads } = this.#service;
    this.#state = State.Relay;
    this.#sender.status = reply.status;
    exchange.answered = reply.headers;
    const text = heads.upgrade(exchange, reply), head = new Uint8Array(text.length);
    encodeLatin1(text, head, 0);
    this.#relay = new Relay(
      { writer: this.#writer, read: (into) => this.#readRaw(into), closeWrite: () => this.#stream.closeWrite() },
      endpoint,
      { sweep, idle: timeouts.tunnel, websocket: /^websocket$/i.test(reply.headers.get("upgrade") ?? "") },
    );
    this.#relay.run(head).then(({ bytesIn, bytesOut, error }) => {
      this.close();
      exchange.bytesIn = bytesIn;
      exchange.error = this.#reason || error;
      this.#sender.bytesOut = bytesOut;
      this.#complete(exchange, reply.status);
    });
  }

  /** For the relay: bytes that are here, -1 where there are none yet, `null` at the end. */
  #readRaw(into: Uint8Array): number | null {
    const count = this.#input.buffer.moveTo(into);
    if (count > 0) return count;
    if (this.#input.over) return null;
    this.#input.arm();
    return -1;
  }
}
