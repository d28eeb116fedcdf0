/** A WebSocket handshake that is made twice: the runtime makes it with the client, and this gateway with the endpoint. @module */

import type { HeaderList } from "../../../core/header_list.ts";
import { acceptKey, isWebSocketKey, newWebSocketKey } from "../../../http/websocket/accept_key.ts";
import { withoutBlanks } from "../../../http/without_blanks.ts";
import type { Refusal } from "../../intake/refusal.ts";

/** What this gateway asks of the endpoint. */
export interface Handshake {
  /** `Sec-WebSocket-Key` of our own: the client's is the runtime's to answer. */
  readonly key: string;
  /** The subprotocols that the client offers. */
  readonly protocols: readonly string[];
}

const BAD_KEY: Refusal = {
  status: 400,
  code: "bad_websocket_key",
  detail: "The Sec-WebSocket-Key of the request is not valid.",
};

/**
 * Turns a client's handshake into one of our own (RFC 6455 §4.1): another key, and no extensions, because frames end at
 * this hop. Version and subprotocols are the endpoint's to judge.
 *
 * @param headers the request's; changed to what the endpoint is asked
 * @returns `null` where the request asks for no WebSocket; without a key it cannot be meant (RFC 9110 §7.8: ignored)
 */
export function takeHandshake(method: string, headers: HeaderList): Handshake | Refusal | null {
  const upgrade = headers.get("upgrade");
  if (upgrade === null || method !== "GET") return null;
  if (!lists(upgrade, "websocket") || !lists(headers.get("connection"), "upgrade")) return null;
  const theirs = headers.get("sec-websocket-key");
  if (theirs === null) return null;
  if (!isWebSocketKey(theirs)) return BAD_KEY;
  const key = newWebSocketKey();
  headers.set("sec-websocket-key", key);
  headers.remove("sec-websocket-extensions");
  return { key, protocols: elements(headers.get("sec-websocket-protocol")) };
}

/** What is wrong with an endpoint's 101 (RFC 6455 §4.1, of the client), or `null`. */
export function flawOf(headers: HeaderList, { key, protocols }: Handshake): string | null {
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") return "its Upgrade is not websocket";
  if (!lists(headers.get("connection"), "upgrade")) return "its Connection does not name upgrade";
  if (headers.get("sec-websocket-accept") !== acceptKey(key)) return "its Sec-WebSocket-Accept is not of this key";
  if (elements(headers.get("sec-websocket-extensions")).length > 0) return "it uses an extension that was not offered";
  const protocol = headers.get("sec-websocket-protocol");
  if (protocol !== null && !protocols.includes(protocol)) return "it chose a subprotocol that was not offered";
  return null;
}

function elements(list: string | null): string[] {
  return list === null ? [] : list.split(",").map((element) => withoutBlanks(element)).filter((text) => text !== "");
}

function lists(list: string | null, name: string): boolean {
  return elements(list).some((element) => element.toLowerCase() === name);
}
