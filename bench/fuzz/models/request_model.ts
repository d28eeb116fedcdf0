/** What a client asks for with all that it sends before it closes: the yardstick of the listener's reader. @module */

import { parseAuthority } from "../../../src/http/authority.ts";
import { canonicalPath } from "../../../src/http/canonical_path.ts";
import { isProxyOnly } from "../../../src/http/forwarded.ts";
import { nominated } from "../../../src/http/hop_by_hop.ts";
import { KNOWN_METHODS } from "../../../src/http/known_methods.ts";
import { readChunks } from "./chunk_model.ts";
import { framingOf, persists } from "./framing_model.ts";
import { readHead, valuesOf } from "./head_model.ts";

/** A request that came whole. */
export interface RequestReading {
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  /** `[name, value, …]` without the fields that Connection names, and those that only a proxy may send. */
  readonly fields: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

/** What came of a connection: its requests, and how it ended. */
export interface Requests {
  readonly requests: readonly RequestReading[];
  /** `begun`: bytes are missing; `closed`: the last request was to be the last; `refused`: what follows is no request. */
  readonly end: "begun" | "closed" | "refused";
}

/** Longest body. */
export const MAX_BODY = 2 ** 30;

/** A first line that is whole, and none of a request: nobody waits for more. */
const BAD_LINE = /^(?![^ \r\n]+ .+ HTTP\/1\.[0-9]\r\n)[^\r\n]+\r\n/;

const PATHS = { encodedSlash: "keep", mergeSlashes: false } as const;

/** Reads the requests that `text` begins with. A request that is answered without asking anybody counts as refused. */
export function readRequests(text: string, maxLines: number): Requests {
  const requests: RequestReading[] = [];
  for (;;) {
    const { end, startLine, fields } = readHead(text, maxLines);
    if (end === 0) return { requests, end: BAD_LINE.test(text) ? "refused" : "begun" };
    const asked = end < 0 ? null : judge(startLine, fields);
    if (asked === null) return { requests, end: "refused" };
    const { http11, chunked, length, ...request } = asked;
    text = text.slice(end);
    const chunks = chunked ? readChunks(text) : null;
    if (chunks?.verdict === "broken") return { requests, end: "refused" };
    if (chunks?.verdict === "begun" || text.length < length) return { requests, end: "begun" };
    const body = chunks === null ? text.slice(0, length) : chunks.data;
    requests.push({ ...request, body, trailers: chunks?.trailers ?? [] });
    if (!persists(fields, http11)) return { requests, end: "closed" };
    text = text.slice(chunks === null ? length : chunks.end);
  }
}

/** The request without its body, or `null` where it is refused (RFC 9112 §3, §6). */
function judge(startLine: string, received: readonly string[]) {
  const line = /^([^ ]+) ([^ ]+) HTTP\/1\.([0-9])$/.exec(startLine);
  if (line === null || !KNOWN_METHODS.includes(line[1])) return null;
  const [, method, sent] = line, http11 = line[3] !== "0";
  const fields = received.filter((_, at) => !isProxyOnly(received[at - at % 2]));

  const framing = framingOf(fields, http11);
  if (framing === null || framing.length > MAX_BODY) return null;
  const expect = valuesOf(fields, "expect").filter((value) => value !== "");
  if (http11 && (expect.length > 1 || !expect.every((value) => value.toLowerCase() === "100-continue"))) return null;

  const hosts = valuesOf(fields, "host");
  if (hosts.length > 1 || (http11 && hosts.length === 0) || hosts.some((host) => parseAuthority(host) === null)) {
    return null;
  }
  const form = /^(?:https?:\/\/([^/?#]+))?(?=[/?#]|$)([^?]*)(\?.*)?$/i.exec(sent);
  if (form !== null && method === "OPTIONS" && form[1] !== undefined && form[2] + (form[3] ?? "") === "") return null;
  if (form === null || (form[1] === undefined && !sent.startsWith("/"))) return null;
  const authority = form[1] ?? hosts[0] ?? "", query = form[3] ?? "", path = canonicalPath(form[2] || "/", PATHS);
  if (authority !== "" && parseAuthority(authority) === null) return null;
  if (typeof path !== "string" || !/^[!"$-~]*$/.test(query)) return null;

  const dropped = nominated(valuesOf(fields, "connection").join(",")) ?? [];
  return {
    method,
    authority,
    path,
    query,
    fields: withHost(fields.filter((_, at) => !dropped.includes(fields[at - at % 2])), form[1] ?? null),
    http11,
    ...framing,
  };
}

/** With what an absolute target says in place of Host (RFC 9112 §3.2.2). */
function withHost(fields: readonly string[], authority: string | null): readonly string[] {
  if (authority === null || valuesOf(fields, "host")[0] === authority) return fields;
  return [...fields.filter((_, at) => fields[at - at % 2] !== "host"), "host", authority];
}
