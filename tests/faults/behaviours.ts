/** Every way to behave, good and bad. @module */

import type { Behaviour, Serving } from "./behaviour.ts";
import type { Call, Framing } from "./call.ts";
import { sendTo } from "./send_to.ts";

/** Nobody listens: connections are refused. */
export const DEAD: Behaviour = { is: "dead" };
/** Its host is gone: an attempt to connect gets no answer at all. */
export const DEAF: Behaviour = { is: "deaf" };

/** Bytes that are no answer, whatever they are read as. */
const NOISE = Array.from({ length: 600 }, (_, at) => String.fromCharCode((at * 167 + 13) & 0xff)).join("");
/** An answer that nobody asked for. */
const FORGED = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged";
/** More than any proxy takes as a head. */
const MANY_FIELDS = `x-field: ${"a".repeat(1000)}\r\n`.repeat(200);

function serving(answer: Serving["answer"], more: Partial<Serving> = {}): Behaviour {
  return { is: "serving", answer, ...more };
}

function greeting(greet: Serving["greet"]): Behaviour {
  return serving((call) => call.hang(), { greet });
}

/** Sends the head and half of what follows. */
async function half(call: Call, framing: Framing): Promise<void> {
  const body = call.body(framing);
  await call.send(call.head(framing) + body.slice(0, body.length >> 1));
}

/** Answers as it should. */
export const WELL: Behaviour = serving((call) => call.well(), { harmless: true });
/** Answers as it should, after a moment: some requests are always under way. */
export const BUSY: Behaviour = serving(async (call, { work }) => {
  await call.pause(work);
  await call.well();
}, { harmless: true });

export const RESETS_ON_ACCEPT: Behaviour = greeting((connection) => connection.reset());
export const CLOSES_ON_ACCEPT: Behaviour = greeting((connection) => connection.close());
/** Speaks first, and not HTTP. */
export const GREETS: Behaviour = greeting(async (connection) => {
  await sendTo(connection, "SSH-2.0-OpenSSH_9.2\r\n");
  await connection.gone();
});

export const RESETS_AFTER_REQUEST: Behaviour = serving((call) => call.connection.reset());
export const CLOSES_AFTER_REQUEST: Behaviour = serving((call) => call.connection.close());
export const HANGS_BEFORE_HEAD: Behaviour = serving((call) => call.hang());
export const HANGS_IN_HEAD: Behaviour = serving(async (call) => {
  await call.send(call.head().slice(0, 40));
  await call.hang();
});
export const CLOSES_IN_HEAD: Behaviour = serving(async (call) => {
  await call.send(call.head().slice(0, 40));
  await call.connection.close();
});
/** One byte after the other of a head that has no end. */
export const DRIPS_HEAD: Behaviour = serving(async (call, { drip }) => {
  await call.send("HTTP/1.1 200 OK\r\nx-drip: ");
  while (call.connection.ending === null) {
    await call.send("a");
    await call.pause(drip);
  }
});
export const GARBAGE_STATUS: Behaviour = serving(async (call) => {
  await call.send("HTTP/1.1 2OO OK\r\ncontent-length: 0\r\n\r\n");
  await call.connection.close();
});
export const NO_HTTP: Behaviour = serving(async (call) => {
  await call.send(NOISE);
  await call.connection.close();
});
export const HEAD_TOO_LARGE: Behaviour = serving(async (call) => {
  await call.send(call.head().slice(0, -2) + MANY_FIELDS + "\r\n" + call.body());
});

export const HANGS_IN_BODY: Behaviour = serving(async (call) => {
  await half(call, call.framing);
  await call.hang();
});
export const CUTS_LENGTH: Behaviour = serving(async (call) => {
  await half(call, "length");
  await call.connection.close();
});
export const CUTS_CHUNKED: Behaviour = serving(async (call) => {
  await half(call, "chunked");
  await call.connection.close();
});
/** Every chunk, and not the last one. */
export const CUTS_LAST_CHUNK: Behaviour = serving(async (call) => {
  await call.send(call.head("chunked") + call.body("chunked").slice(0, -5));
  await call.connection.close();
});
export const RESETS_IN_BODY: Behaviour = serving(async (call) => {
  await half(call, "length");
  await call.connection.reset();
});
/** A chunk whose size is no number, and an open connection. */
export const BAD_CHUNK: Behaviour = serving(async (call) => {
  await call.send(`${call.head("chunked")}4\r\ngood\r\nzz\r\n${NOISE}`);
  await call.hang();
});
/** All bytes, and fewer than it told; the connection stays open. */
export const LENGTH_TOO_LONG: Behaviour = serving(async (call) => {
  await call.send(call.head("length", 100) + call.body("length"));
  await call.hang();
});
/** More bytes than it told, and they look like an answer. */
export const LENGTH_TOO_SHORT: Behaviour = serving(async (call) => {
  await call.send(call.head("length") + call.body("length") + FORGED);
});
/** Two framings, which agree. */
export const BOTH_FRAMINGS: Behaviour = serving(async (call) => {
  const { length } = call.body("length");
  await call.send(call.head("chunked", 0, `content-length: ${length}`) + call.body("chunked"));
});
export const DRIPS_BODY: Behaviour = serving(async (call, { drip }) => {
  const body = call.body(), step = Math.ceil(body.length / 8);
  await call.send(call.head());
  for (let at = 0; at < body.length; at += step) {
    await call.pause(drip);
    await call.send(body.slice(at, at + step));
  }
});
export const SLOW: Behaviour = serving(async (call, { slow }) => {
  await call.pause(slow);
  await call.well();
});

/** Answers three requests in ten with a status. */
export function fails(status: number): Behaviour {
  return serving(
    (call) => call.send(`HTTP/1.1 ${status} Failed\r\ncontent-length: 6\r\n\r\nfailed`),
    { strikes: ({ id }) => (id * 7) % 10 < 3 },
  );
}
/** Has no time now, and says when to come again. */
export const RETRY_AFTER: Behaviour = serving((call) =>
  call.send("HTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 4\r\n\r\nbusy")
);

/** Closes behind each answer without having said so. */
export const CLOSES_SILENTLY: Behaviour = serving(async (call) => {
  await call.well();
  await call.connection.close();
});
/** Closes a moment later, when the next request may be on its way. */
export const CLOSES_IDLE: Behaviour = serving(async (call, { work }) => {
  await call.well();
  await call.pause(work);
  await call.connection.close();
});
/** The same with a reset. */
export const RESETS_IDLE: Behaviour = serving(async (call, { work }) => {
  await call.well();
  await call.pause(work);
  await call.connection.reset();
});

/** Answers an upload at once, says that it will close, and takes what still comes. */
export const EARLY_ANSWER: Behaviour = serving(async (call) => {
  await call.well("connection: close");
  await call.connection.halfClose();
  await call.hang();
}, { early: true });
/** Answers an upload at once and resets the connection, as a socket closed with bytes unread does. */
export const EARLY_RESET: Behaviour = serving(async (call) => {
  await call.well("connection: close");
  await call.connection.reset();
}, { early: true });
/** Takes no more of an upload, and says nothing. */
export const STOPS_READING: Behaviour = serving(async (call) => {
  call.connection.pause();
  await call.hang();
}, { early: true });
