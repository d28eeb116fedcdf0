/** What `compress` does to one reply. @module */

import { isBodySource } from "../../../core/body.ts";
import { dropReply } from "../../../core/drop_reply.ts";
import type { Exchange } from "../../../core/exchange.ts";
import type { Reply } from "../../../core/reply.ts";
import { BytesSource } from "../../../http/bytes_source.ts";
import { hasNoContent } from "../../../http/no_content.ts";
import { addVary } from "../../guard/add_vary.ts";
import { contentChanged, weakenAsAsked } from "../content_changed.ts";
import { CompressedBody } from "./compressed_body.ts";
import type { PreparedCoding } from "./content_coding.ts";

/** Bytes that are compressed at once and get a `content-length`; more would keep everybody else waiting. */
const AT_ONCE = 16 * 1024;

const PARTIAL = 206, NOT_MODIFIED = 304;
const NO_TRANSFORM = /(?:^|[\s,])no-transform(?:$|[\s,=])/i;
const VARIES_BY: readonly string[] = ["accept-encoding"];

/** Which replies are compressed. */
export interface CompressionRules {
  /** Bytes. */
  readonly minSize: number;
  isCompressible(contentType: string | null): boolean;
}

/** @param coding what the client wants, or `null` for the answer as it is */
export function compressReply(
  exchange: Exchange,
  reply: Reply,
  coding: PreparedCoding | null,
  rules: CompressionRules,
): Reply {
  const { headers, status } = reply;
  if (status === NOT_MODIFIED) {
    if (weakenAsAsked(exchange, headers)) addVary(headers, VARIES_BY);
    return reply;
  }
  if (!couldBeCompressed(exchange, reply, rules)) return reply;
  addVary(headers, VARIES_BY);
  if (coding === null) return reply;
  if (exchange.method === "HEAD") {
    dropReply(reply);
    reply.body = null;
  } else if (isBodySource(reply.body)) {
    reply.body = new CompressedBody(reply.body, coding);
  } else {
    const bytes = reply.body!, whole = bytes.length <= AT_ONCE ? coding.whole(bytes) : null;
    if (whole !== null && whole.length >= bytes.length) return reply;
    reply.body = whole ?? new CompressedBody(new BytesSource(bytes, []), coding);
  }
  contentChanged(headers);
  headers.set("content-encoding", coding.name);
  return reply;
}

function couldBeCompressed(exchange: Exchange, reply: Reply, { minSize, isCompressible }: CompressionRules): boolean {
  const { headers, status, tunnel } = reply;
  if (tunnel !== null || status === PARTIAL || hasNoContent(status)) return false;
  if (!isCompressible(headers.get("content-type"))) return false;
  if (headers.has("content-encoding") || headers.has("content-range")) return false;
  if (sizeOf(exchange, reply) < minSize) return false;
  return !NO_TRANSFORM.test(headers.get("cache-control") ?? "") &&
    !NO_TRANSFORM.test(exchange.headers.get("cache-control") ?? "");
}

/** Bytes of the answer that GET has; not known counts as many. */
function sizeOf({ method }: Exchange, { headers, body }: Reply): number {
  if (body !== null) return body.length ?? Infinity;
  if (method !== "HEAD") return 0;
  const length = headers.get("content-length");
  return length === null ? Infinity : Number(length);
}
