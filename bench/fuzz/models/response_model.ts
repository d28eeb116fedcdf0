/** What an answer's head says, in plain words: the yardstick of the response parser. @module */

import { nominated } from "../../../src/http/hop_by_hop.ts";
import { readHead, valuesOf, withoutBlanks } from "./head_model.ts";

/** A response head as the model reads it. */
export interface ResponseReading {
  readonly status: number;
  /** `[name, value, …]` without the fields that Connection names. */
  readonly fields: readonly string[];
  readonly framing: "none" | "length" | "chunked" | "close";
  readonly length: number;
  readonly keepAlive: boolean;
  readonly bodyStart: number;
}

/** Reads the response head that `text` begins with: `null` when bytes are missing, `"refused"` when it breaks RFC 9112. */
export function readResponseHead(text: string, maxLines: number, method: string): ResponseReading | null | "refused" {
  const { end, startLine, fields } = readHead(text, maxLines);
  if (end === 0) return null;
  const line = /^HTTP\/1\.([01]) ([1-5][0-9][0-9])(?: .*)?$/.exec(startLine);
  if (end < 0 || line === null) return "refused";
  const minor = Number(line[1]), status = Number(line[2]);
  const lengths = valuesOf(fields, "content-length"), codings = valuesOf(fields, "transfer-encoding");
  if (lengths.length + codings.length > 1 || !lengths.every((value) => /^[0-9]{1,15}$/.test(value))) return "refused";
  if (!codings.every((value) => value.toLowerCase() === "chunked" && minor === 1)) return "refused";

  const connection = valuesOf(fields, "connection").join(","), dropped = nominated(connection) ?? [];
  const options = connection.toLowerCase().split(",").map(withoutBlanks);
  const bodiless = method === "HEAD" || status < 200 || status === 204 || status === 304;
  const framing = bodiless ? "none" : codings.length > 0 ? "chunked" : lengths.length > 0 ? "length" : "close";
  return {
    status,
    fields: fields.filter((_, at) => !dropped.includes(fields[at - at % 2])),
    framing,
    length: framing === "length" ? Number(lengths[0]) : 0,
    keepAlive: framing !== "close" && !options.includes("close") && (minor === 1 || options.includes("keep-alive")),
    bodyStart: end,
  };
}
