/** What both ends say of themselves (RFC 9113 §6.5). @module */

import { ConnectionError } from "./connection_error.ts";
import { ErrorCode } from "./error_code.ts";
import { type Frame, MOST_31_BITS, MOST_PAYLOAD, putUint32, uint32 } from "./frame.ts";

/** Streams that a client may have open, bytes that it may send on one, and on all of them, before somebody reads them. */
export const MAX_STREAMS = 128, STREAM_WINDOW = 256 * 1024, CONNECTION_WINDOW = 1024 * 1024;

const ENABLE_PUSH = 0x2, MAX_CONCURRENT_STREAMS = 0x3, INITIAL_WINDOW_SIZE = 0x4, MAX_FRAME_SIZE = 0x5;
const MAX_HEADER_LIST_SIZE = 0x6;
/** RFC 9218 §2.1: priorities by frames are not looked at. */
const NO_RFC7540_PRIORITIES = 0x9;

const SETTING_BYTES = 6;
/** More settings in one frame than anybody has. */
const MOST_SETTINGS = 64;
/** Upper end of SETTINGS_MAX_FRAME_SIZE. */
const MOST_24_BITS = 2 ** 24 - 1;

/** The payload of our SETTINGS. @param headerBytes most bytes of fields that a head may have */
export function ownSettings(headerBytes: number): Uint8Array {
  const settings = [
    [MAX_CONCURRENT_STREAMS, MAX_STREAMS],
    [INITIAL_WINDOW_SIZE, STREAM_WINDOW],
    [MAX_HEADER_LIST_SIZE, headerBytes],
    [NO_RFC7540_PRIORITIES, 1],
  ];
  const payload = new Uint8Array(settings.length * SETTING_BYTES);
  settings.forEach(([id, value], i) => {
    payload[i * SETTING_BYTES + 1] = id;
    putUint32(payload, i * SETTING_BYTES + 2, value);
  });
  return payload;
}

/**
 * Reads a peer's SETTINGS. Only the first window of its streams matters here: what we send never needs larger frames, a
 * dynamic table, or a push.
 *
 * @returns SETTINGS_INITIAL_WINDOW_SIZE, where it is said
 * @throws ConnectionError for what RFC 9113 §6.5.2 forbids
 */
export function readSettings({ bytes, start, end, length }: Frame): number | null {
  if (length % SETTING_BYTES !== 0) throw new ConnectionError(ErrorCode.FrameSizeError, "SETTINGS has half a setting");
  if (length > MOST_SETTINGS * SETTING_BYTES) {
    throw new ConnectionError(ErrorCode.EnhanceYourCalm, "SETTINGS has too many settings");
  }
  let firstWindow = null;
  for (let at = start; at < end; at += SETTING_BYTES) {
    const id = bytes[at] << 8 | bytes[at + 1], value = uint32(bytes, at + 2);
    if (id === ENABLE_PUSH && value > 1) throw new ConnectionError(ErrorCode.ProtocolError, "ENABLE_PUSH is 0 or 1");
    if (id === MAX_FRAME_SIZE && (value < MOST_PAYLOAD || value > MOST_24_BITS)) {
      throw new ConnectionError(ErrorCode.ProtocolError, "MAX_FRAME_SIZE is from 16384 to 16777215");
    }
    if (id !== INITIAL_WINDOW_SIZE) continue;
    if (value > MOST_31_BITS) {
      throw new ConnectionError(ErrorCode.FlowControlError, "INITIAL_WINDOW_SIZE is 2147483647 at most");
    }
    firstWindow = value;
  }
  return firstWindow;
}
