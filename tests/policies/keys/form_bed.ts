/** Requests with a form. @module */

import type { Body } from "../../../src/core/body.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { FORM_FIELDS } from "../../../src/core/key.ts";
import { readForm } from "../../../src/policies/keys/read_form.ts";
import { TimerWheel } from "../../../src/core/timer_wheel.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { makeExchange } from "../../support/exchange.ts";

export const URLENCODED = "application/x-www-form-urlencoded";
/** The type of a multipart form whose boundary is `b`. */
export const MULTIPART = "multipart/form-data; boundary=b";

const encoder = new TextEncoder();
/** Nothing is waited for in a body that is here. */
const env = { deadlines: new TimerWheel(new FakeClock()) };

/** Bytes of text and of bytes, one behind the other. */
export function bytesOf(...parts: readonly (string | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => typeof part === "string" ? [...encoder.encode(part)] : part));
}

/** A request that sends a form. */
export function formRequest(type: string, body: Body, query = ""): Exchange {
  return makeExchange({ method: "POST", query, body, headers: [["content-type", type]] });
}

/** The fields that a form has, its body being here already. */
export async function fieldsOf(type: string, body: string | Uint8Array, query = ""): Promise<Record<string, string>> {
  const exchange = formRequest(type, typeof body === "string" ? encoder.encode(body) : body, query);
  await readForm(exchange, env);
  return knownIn(exchange);
}

/** The fields that somebody has made known. */
export function knownIn(exchange: Exchange): Record<string, string> {
  return Object.fromEntries(exchange.get(FORM_FIELDS) ?? []);
}

/** One part of a multipart form, boundary `b` before it, as browsers write it. */
export function part(name: string, content: string, ...more: readonly string[]): string {
  return ["--b", `Content-Disposition: form-data; name="${name}"`, ...more, "", content, ""].join("\r\n");
}

/** A file in a multipart form. */
export function file(name: string, content: string): string {
  return part(`${name}"; filename="f.txt`, content, "Content-Type: text/plain");
}

/** A part with these head lines instead of the usual ones. */
export function partWith(head: readonly string[], content: string): string {
  return ["--b", ...head, "", content, ""].join("\r\n");
}

export const END = "--b--\r\n";
