/** The forms of answer that the admin interface gives. @module */

import { statusText } from "../http/status_text.ts";

const GUARDS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** A value as indented JSON that no cache keeps. */
export function jsonAnswer(value: unknown, status = 200): Response {
  return answer(status, "application/json", value);
}

/** A text that no cache keeps. */
export function textAnswer(type: string, text: string): Response {
  return new Response(text, { status: 200, headers: { "content-type": type, ...GUARDS } });
}

/** A problem document (RFC 9457). `detail` says what to do and nothing of the inside. */
export function problemAnswer(
  status: number,
  code: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const document = { type: `urn:gatewright:problem:${code}`, title: statusText(status), status, code, detail };
  return answer(status, "application/problem+json", document, headers);
}

function answer(
  status: number,
  type: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(value, null, 2) + "\n", {
    status,
    headers: { "content-type": type, ...GUARDS, ...headers },
  });
}
