/** WebSocket frames as bytes (RFC 6455 §5.2). @module */

import { isSendable, NO_STATUS } from "./close_code.ts";
import { applyMask, MASK_BYTES } from "./mask.ts";
import { CLOSE, isControl, MAX_CONTROL_BYTES } from "./opcode.ts";

/** What a frame is to carry. */
export interface FrameInit {
  /** Whether it ends its message. */
  readonly fin: boolean;
  /** See opcode.ts. */
  readonly opcode: number;
  /** It is copied. */
  readonly payload: Uint8Array;
  /** Four fresh random bytes ({@link newMask} makes them) for a frame of a client; absent for one of a server. */
  readonly mask?: Uint8Array;
}

/** The frame's bytes. @throws RangeError on a control frame that is fragmented or above 125 bytes */
export function encodeFrame({ fin, opcode, payload, mask }: FrameInit): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  if (isControl(opcode) && (!fin || length > MAX_CONTROL_BYTES)) {
    throw new RangeError(`a control frame is one piece of at most ${MAX_CONTROL_BYTES} bytes, not ${length}`);
  }
  const extended = length > 0xffff ? 8 : length > MAX_CONTROL_BYTES ? 2 : 0;
  const start = 2 + extended + (mask === undefined ? 0 : MASK_BYTES);
  const frame = new Uint8Array(start + length);
  frame[0] = (fin ? 0x80 : 0) | opcode;
  frame[1] = (mask === undefined ? 0 : 0x80) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  let rest = length;
  for (let i = 1 + extended; i > 1; i--) {
    frame[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  frame.set(payload, start);
  if (mask !== undefined) {
    frame.set(mask, start - MASK_BYTES);
    applyMask(frame, start, frame.length, mask, 0);
  }
  return frame;
}

const encoder = new TextEncoder();

/**
 * A Close frame (RFC 6455 §5.5.1).
 *
 * @param code one that may be sent, or 1005 for a frame without code and reason
 * @param reason at most 123 bytes in UTF-8
 * @param mask as in {@link FrameInit}
 * @throws RangeError on a code that no frame may carry, a reason that is too long, or one without a code
 */
export function closeFrame(code: number, reason: string, mask?: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = encoder.encode(reason);
  if (code === NO_STATUS && reason === "") return encodeFrame({ fin: true, opcode: CLOSE, payload: bytes, mask });
  if (!isSendable(code)) throw new RangeError(`no Close frame may carry ${code} "${reason}"`);
  const payload = new Uint8Array(2 + bytes.length);
  payload[0] = code >> 8;
  payload[1] = code & 0xff;
  payload.set(bytes, 2);
  return encodeFrame({ fin: true, opcode: CLOSE, payload, mask });
}
