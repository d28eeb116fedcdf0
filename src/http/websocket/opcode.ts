/** What WebSocket frames are for (RFC 6455 §5.2, §11.8). @module */

/** The next piece of a fragmented message. */
export const CONTINUATION = 0x0;
/** A text message, or its first piece. */
export const TEXT = 0x1;
/** A binary message, or its first piece. */
export const BINARY = 0x2;
/** The end of one direction. */
export const CLOSE = 0x8;
/** Asks for a pong. */
export const PING = 0x9;
/** Answers a ping. */
export const PONG = 0xa;

/** Most payload of a control frame (RFC 6455 §5.5). */
export const MAX_CONTROL_BYTES = 125;

/** Whether frames with this opcode may stand between the pieces of a message (RFC 6455 §5.5). */
export function isControl(opcode: number): boolean {
  return opcode >= CLOSE;
}

/** Whether the opcode has no meaning yet: 3–7 and 11–15. */
export function isReserved(opcode: number): boolean {
  return (opcode > BINARY && opcode < CLOSE) || opcode > PONG;
}
