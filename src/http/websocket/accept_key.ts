/** The keys of a WebSocket handshake (RFC 6455 §4): they show that the other side speaks WebSocket, and protect nothing. @module */

import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const KEY_BYTES = 16;
/** 16 bytes in base64. The four bits to spare in the last digit may be anything: servers take them so. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

/** Whether the text can be the value of `Sec-WebSocket-Key`: 16 bytes in base64 (RFC 6455 §4.2.1). */
export function isWebSocketKey(text: string): boolean {
  return KEY.test(text);
}

/** `Sec-WebSocket-Accept` for a key (RFC 6455 §4.2.2). */
export function acceptKey(key: string): string {
  return createHash("sha1").update(key + GUID).digest("base64");
}

/** A random `Sec-WebSocket-Key` for a handshake of our own (RFC 6455 §4.1). */
export function newWebSocketKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(KEY_BYTES))));
}
