/** The head of an answer. @module */

import { isBodySource } from "../../core/body.ts";
import { FieldSet } from "../../core/field_set.ts";
import type { HeaderSource } from "../../core/header_list.ts";
import type { Reply } from "../../core/reply.ts";
import { RESPONSE_HOP } from "../../http/hop_by_hop.ts";
import { encodeLatin1 } from "../../http/latin1.ts";
import { hasNoContent } from "../../http/no_content.ts";
import { statusText } from "../../http/status_text.ts";
import type { H1Exchange } from "./h1_exchange.ts";

/** How the client finds the end of an answer's body. */
export type ReplyFraming = "none" | "length" | "chunked" | "close";

/** How an answer is sent. */
export interface ReplyWire {
  /** What the head begins with, where many answers begin so; `null`: all of it is in `head`. */
  readonly prefix: Uint8Array | null;
  /** Everything from there to the body, the blank line included. */
  readonly head: string;
  readonly framing: ReplyFraming;
  /** Whether the connection goes on after it. */
  readonly keep: boolean;
}

/** What was made of fields that many replies share. */
interface SharedHead {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly dated: boolean;
}

/** Writes the heads of answers; what does not depend on the exchange is prepared. */
export class ReplyHeads {
  readonly #drop: FieldSet;
  readonly #idLine: string;
  readonly #statusLines = new Map<number, string>();
  readonly #shared = new WeakMap<HeaderSource, SharedHead>();

  /** @param requestIdField name of the request id's field, in lower case */
  constructor(requestIdField: string) {
    this.#drop = new FieldSet([...RESPONSE_HOP, "content-length", requestIdField]);
    this.#idLine = requestIdField + ": ";
  }

  /**
   * @param date for answers that have none
   * @param persistent whether the connection would go on
   * @throws RangeError for a status that no answer can have
   */
  write(exchange: H1Exchange, reply: Reply, date: string, persistent: boolean): ReplyWire {
    const { headers, status } = reply, framing = framingOf(exchange, reply), keep = persistent && framing !== "close";
    const shared = isBodySource(reply.body) ? null : this.#sharedOf(reply),
      dated = shared?.dated ?? headers.has("date");
    const head = (shared === null ? this.#statusLine(status) + headers.text(this.#drop) : "") +
      framingLine(framing, reply) + (dated ? "" : "date: " + date + "\r\n") + this.#idLine + exchange.requestId +
      (keep ? exchange.http11 ? "\r\n\r\n" : "\r\nconnection: keep-alive\r\n\r\n" : "\r\nconnection: close\r\n\r\n");
    return { prefix: shared?.bytes ?? null, head, framing, keep };
  }

  /** The beginning of a head that a cache gives again and again: a copy of bytes in place of a text that is encoded. */
  #sharedOf({ headers, status }: Reply): SharedHead | null {
    const source = headers.untouched;
    if (source?.shared !== true) return null;
    const known = this.#shared.get(source);
    if (known?.status === status) return known;
    const text = this.#statusLine(status) + source.text(this.#drop), bytes = new Uint8Array(text.length);
    encodeLatin1(text, bytes, 0);
    const head = { status, bytes, dated: source.get("date") !== null };
    this.#shared.set(source, head);
    return head;
  }

  /** The head of a 101: what the endpoint said of the protocol goes along. */
  upgrade(exchange: H1Exchange, { headers }: Reply): string {
    return this.#statusLine(101) + headers.text(this.#drop) + "upgrade: " + (headers.get("upgrade") ?? "") +
      "\r\nconnection: upgrade\r\n" + this.#idLine + exchange.requestId + "\r\n\r\n";
  }

  /** A whole interim answer (RFC 9110 §15.2). @param fields `[name, value, …]`, names in lower case */
  interim(status: number, fields: readonly string[]): string {
    let text = this.#statusLine(status);
    for (let i = 0; i < fields.length; i += 2) {
      if (!this.#drop.has(fields[i])) text += fields[i] + ": " + fields[i + 1] + "\r\n";
    }
    return text + "\r\n";
  }

  #statusLine(status: number): string {
    const known = this.#statusLines.get(status);
    if (known !== undefined) return known;
    if (!Number.isInteger(status) || status < 100 || status > 599) {
      throw new RangeError(`no answer has status ${status}`);
    }
    const line = `HTTP/1.1 ${status} ${statusText(status)}\r\n`;
    this.#statusLines.set(status, line);
    return line;
  }
}

/** RFC 9112 §6.3, from the sender's side. */
function framingOf({ method, http11 }: H1Exchange, { status, body }: Reply): ReplyFraming {
  if (method === "HEAD" || hasNoContent(status)) return "none";
  if (!isBodySource(body) || body.length !== undefined) return "length";
  return http11 ? "chunked" : "close";
}

function framingLine(framing: ReplyFraming, { status, headers, body }: Reply): string {
  if (framing === "chunked") return "transfer-encoding: chunked\r\n";
  if (framing === "length") return "content-length: " + (body === null ? 0 : body.length) + "\r\n";
  if (framing === "close" || status === 204) return "";
  // RFC 9110 §15.3.6: a reset has no content, and says so.
  if (status === 205) return "content-length: 0\r\n";
  // HEAD and 304 tell the length that the answer to GET would have (RFC 9110 §8.6); where it is not known, nothing.
  const length = body?.length ?? headers.get("content-length");
  return length === null || length === undefined ? "" : "content-length: " + length + "\r\n";
}
