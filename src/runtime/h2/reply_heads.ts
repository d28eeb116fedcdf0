/** The heads of answers as field blocks. @module */

import { type Body, isBodySource } from "../../core/body.ts";
import { FieldSet } from "../../core/field_set.ts";
import type { Reply } from "../../core/reply.ts";
import { HpackEncoder } from "../../http/hpack/hpack_encoder.ts";
import { RESPONSE_HOP } from "../../http/hop_by_hop.ts";
import { hasNoContent } from "../../http/no_content.ts";
import { forwardableTrailer } from "../../http/trailers.ts";
import type { H2Exchange } from "./h2_exchange.ts";

/** Writes field blocks by the same rules as HTTP/1.1's heads; what does not depend on the exchange is prepared. */
export class H2ReplyHeads {
  readonly #encoder = new HpackEncoder();
  readonly #drop: FieldSet;
  readonly #idField: string;

  /** @param requestIdField name of the request id's field, in lower case */
  constructor(requestIdField: string) {
    this.#drop = new FieldSet([...RESPONSE_HOP, "content-length", requestIdField]);
    this.#idField = requestIdField;
  }

  /** The block that was written last; valid until the next one. */
  get block(): Uint8Array {
    return this.#encoder.block;
  }

  /**
   * Writes the block of an answer.
   * @param date for answers that have none
   * @returns the content that follows it; `null` where the stream ends with the head
   * @throws RangeError for a status that no answer can have
   */
  write(exchange: H2Exchange, reply: Reply, date: string): Body {
    const { headers, status, body } = reply, content = contentOf(exchange, reply), length = lengthOf(reply, content);
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new RangeError(`no answer has status ${status}`);
    }
    this.#begin(status, headers.flat());
    if (length !== null) this.#encoder.field("content-length", length);
    if (!headers.has("date")) this.#encoder.field("date", date);
    this.#encoder.field(this.#idField, exchange.requestId);
    return content === null || (!isBodySource(body) && body?.length === 0) ? null : body;
  }

  /** Writes the block of an interim answer (RFC 9110 §15.2). @param fields `[name, value, …]`, names in lower case */
  interim(status: number, fields: readonly string[]): void {
    this.#begin(status, fields);
  }

  /** Writes the block behind the content (RFC 9113 §8.1). @returns whether there is anything in it */
  trailers(fields: readonly string[]): boolean {
    let any = false;
    this.#encoder.begin();
    for (let i = 0; i + 1 < fields.length; i += 2) {
      if (!forwardableTrailer(fields[i])) continue;
      this.#encoder.field(fields[i].toLowerCase(), fields[i + 1]);
      any = true;
    }
    return any;
  }

  #begin(status: number, fields: readonly string[]): void {
    this.#encoder.begin();
    this.#encoder.status(status);
    for (let i = 0; i < fields.length; i += 2) {
      if (!this.#drop.has(fields[i])) this.#encoder.field(fields[i], fields[i + 1]);
    }
  }
}

/** The content that the answer has; `null` for none at all, not even an empty one. */
function contentOf({ method }: H2Exchange, { status, body }: Reply): Exclude<Body, null> | null {
  if (method === "HEAD" || hasNoContent(status)) return null;
  return body ?? EMPTY;
}

const EMPTY: Uint8Array = new Uint8Array(0);

/** The value of `content-length` (RFC 9110 §8.6), or `null` for none. */
function lengthOf({ status, headers, body }: Reply, content: Body): string | null {
  if (content !== null) return content.length === undefined ? null : String(content.length);
  if (status === 204) return null;
  // RFC 9110 §15.3.6: a reset has no content, and says so.
  if (status === 205) return "0";
  // HEAD and 304 tell the length that the answer to GET would have; where it is not known, nothing.
  return body?.length?.toString() ?? headers.get("content-length");
}
