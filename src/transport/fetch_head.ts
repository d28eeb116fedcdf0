/** A request's head in the form that `fetch` takes, and what `fetch` would change on the way. @module */

import { isBodySource } from "../core/body.ts";
import { runtimeTraces } from "../core/runtime_traces.ts";
import { withoutBlanks } from "../http/without_blanks.ts";
import type { WireRequest } from "./wire_request.ts";

/** A head taken apart. */
export interface FetchHead {
  /** What the Host field says; `:authority` on the wire. */
  readonly host: string;
  /** Path and query, in characters that a URL parser leaves alone wherever another spelling of the same bytes has them. */
  readonly target: string;
  /** Names in lower case, duplicates and order kept. */
  readonly fields: [name: string, value: string][];
}

/**
 * Not sent: Host is `:authority`; the rest belongs to a hop in HTTP/1.1 (RFC 9113 §8.2.2), or asks for what `fetch` has
 * no place for: another protocol, trailers, an interim answer.
 */
const DROPPED: ReadonlySet<string> = new Set([
  ...["host", "connection", "upgrade", "te", "expect", "content-length"],
  ...["keep-alive", "proxy-connection", "transfer-encoding", "http2-settings"],
  // Where the runtime tells of a trace by itself, `fetch` would send both values in one field, and neither would be read.
  ...(runtimeTraces() ? ["traceparent", "tracestate"] : []),
]);

/** Takes a head apart that {@link WireRequest.head} has as text. */
export function fetchHead(head: string): FetchHead {
  const lines = head.split("\r\n"), [start] = lines, fields: [string, string][] = [];
  let host = "", codings = "", agent = false;
  for (let i = 1; i < lines.length - 1; i++) {
    const line = lines[i], colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase(), value = withoutBlanks(line, colon + 1);
    if (name === "host") host = value;
    else if (name === "accept-encoding") codings += (codings === "" ? "" : ", ") + value;
    else if (!DROPPED.has(name)) fields.push([name, value]);
    agent ||= name === "user-agent";
  }
  // The runtime decodes gzip and br unless the first Accept-Encoding is exactly this; a list may name it at any time.
  fields.push(["accept-encoding", "identity"]);
  if (codings !== "" && codings !== "identity") fields.push(["accept-encoding", codings]);
  // Without the field the runtime would name itself.
  if (!agent) fields.push(["user-agent", ""]);
  return { host, target: escaped(start.slice(start.indexOf(" ") + 1, start.lastIndexOf(" "))), fields };
}

const ABOVE_ASCII = /[\x80-\xff]/g;

/** A URL parser takes `\` in a path for `/`, and characters above ASCII for UTF-8: escaped they are the bytes that came. */
function escaped(target: string): string {
  const query = target.indexOf("?"), end = query < 0 ? target.length : query;
  return (target.slice(0, end).replaceAll("\\", "%5C") + target.slice(end)).replace(ABOVE_ASCII, percentEncoded);
}

function percentEncoded(character: string): string {
  return "%" + character.charCodeAt(0).toString(16).toUpperCase();
}

/** Methods that `fetch` refuses, and those that it writes in upper case. */
const REFUSED: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);
const NORMALISED: ReadonlySet<string> = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
/** What a URL parser resolves, be it encoded or not. */
const DOT_SEGMENT = /^[^?]*\/(?:\.|%2e){1,2}(?:[/?]|$)/i;

/** Why `fetch` cannot send this request as it is, or `null`. */
export function notFetchable({ method, body }: WireRequest, { target }: FetchHead): string | null {
  const upper = method.toUpperCase();
  if (REFUSED.has(upper)) return `the runtime's client does not send ${method}`;
  if (upper !== method && NORMALISED.has(upper)) return `the runtime's client sends ${method} as ${upper}`;
  if ((method === "GET" || method === "HEAD") && (isBodySource(body) || (body?.length ?? 0) > 0)) {
    return `the runtime's client sends no body with ${method}`;
  }
  if (!target.startsWith("/")) return "the target is not a path";
  if (target.includes("#") || DOT_SEGMENT.test(target)) return "the runtime's client would change the path";
  return null;
}
