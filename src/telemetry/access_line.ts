/** One finished request as one line of JSON. @module */

import type { Clock } from "../core/clock.ts";
import type { RequestCompleted } from "../core/events.ts";
import { jsonText } from "./json_text.ts";
import { timestamps } from "./timestamp.ts";

/** `.000` to `.999`: printing a fraction of a number costs more than looking it up. */
const FRACTIONS: readonly string[] = Array.from({ length: 1000 }, (_, i) => "." + String(i).padStart(3, "0"));

/**
 * Makes the formatter of the access log. A line ends in `\n`, is pure ASCII and has these members:
 * `ts`, `method`, `host`, `path`, `route`, `status`, `duration` (milliseconds, three decimals), `bytesIn`, `bytesOut`,
 * `upstream` (id of the endpoint), `attempts`, `requestId`, `client`, and `auth`, `identity`, `reason`, `limit`,
 * `cache` and `error` where there is one. The strings come from strangers and are escaped.
 */
export function accessLines(clock: Clock): (event: RequestCompleted) => string {
  const now = timestamps(clock);
  const hosts = new Pieces('","host":"', '","path":"');
  const routes = new Pieces('","route":"', '","status":');
  const endpoints = new Pieces(',"upstream":"', '","attempts":');
  return (e) =>
    '{"ts":"' + now() + '","method":"' + jsonText(e.method) + hosts.of(e.host) + jsonText(e.path) +
    routes.of(e.route) + e.status + ',"duration":' + threeDecimals(e.duration) + ',"bytesIn":' + e.bytesIn +
    ',"bytesOut":' + e.bytesOut + endpoints.of(e.endpoint) + e.attempts + ',"requestId":"' +
    jsonText(e.requestId) + '","client":"' + jsonText(e.client) +
    (e.auth === "" ? "" : '","auth":"' + e.auth) +
    (e.identity === "" ? "" : '","identity":"' + jsonText(e.identity)) +
    (e.reason === "" ? "" : '","reason":"' + jsonText(e.reason)) +
    (e.limit === "" ? "" : '","limit":"' + e.limit) +
    (e.cache === "" ? "" : '","cache":"' + e.cache) +
    (e.error === "" ? '"}\n' : '","error":"' + jsonText(e.error) + '"}\n');
}

/** How many pieces are kept, and the longest text that is: strangers choose some of the texts. */
const KEPT = 10_000, KEPT_LENGTH = 255;

/** A value that recurs, escaped and joined with what stands around it: each part of a line costs time when it is written. */
class Pieces {
  readonly #kept = new Map<string, string>();

  constructor(readonly before: string, readonly after: string) {}

  of(raw: string): string {
    const kept = this.#kept.get(raw);
    if (kept !== undefined) return kept;
    const piece = this.before + jsonText(raw) + this.after;
    if (raw.length <= KEPT_LENGTH) {
      if (this.#kept.size >= KEPT) this.#kept.clear();
      this.#kept.set(raw, piece);
    }
    return piece;
  }
}

function threeDecimals(ms: number): string {
  const thousandths = Math.round(ms * 1000), whole = Math.floor(thousandths / 1000);
  return whole + FRACTIONS[thousandths - whole * 1000];
}
