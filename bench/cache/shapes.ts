/**
 * What the hits are: the request of the realistic shape, and an answer that clients get with eleven fields.
 *
 * @module
 */
import type { Scenario } from "../load/scenario.ts";
import { realistic } from "../load/scenarios/realistic.ts";

/** Fields that the origin sends; a cache adds `Age` and what it did, and our own leaves `Connection` out. */
const FIELDS = [
  // With `public`, since the request has Authorization.
  ["Cache-Control", "public, max-age=86400"],
  ["ETag", '"5d8c72a5edda8"'],
  ["X-Content-Type-Options", "nosniff"],
  ["Strict-Transport-Security", "max-age=63072000"],
  ["Access-Control-Allow-Origin", "https://app.example.com"],
] as const;

function shape(id: string, title: string, path: string, more: readonly (readonly [string, string])[]): Scenario {
  const fields = [...FIELDS, ...more];
  const body = realistic.origin.filter((line) => !line.startsWith("add_header"));
  return {
    id,
    title,
    path,
    requestHeaders: realistic.requestHeaders,
    origin: [...fields.map(([name, value]) => `add_header ${name} '${value}';`), ...body],
    // Server, Date, Content-Type, Content-Length and Connection are nginx's own.
    answer: { headers: fields.length + 5, bodyBytes: realistic.answer.bodyBytes },
  };
}

/** A hit, and a hit whose answer was chosen by fields of the request. */
export const SHAPES: readonly Scenario[] = [
  shape("H", "hit: 9 request headers, 11 response headers, 207-byte body", "/api/users/1", []),
  shape("V", "hit, chosen by Accept-Encoding and Origin: one response header more", "/api/users/2", [
    ["Vary", "Accept-Encoding, Origin"],
  ]),
];
