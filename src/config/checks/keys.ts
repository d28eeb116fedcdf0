/** Whether a key is one that JavaScript does not treat as any other. @module */

import type { Finding, Path } from "../finding.ts";
import { insideOf } from "../recorded_options.ts";

/** Each `__proto__`: schemas pass over it, so that what stands there would be ignored without a word. */
export function checkKeys(written: unknown): Finding[] {
  return [...protoKeys(written, [], [])].map((at) => ({
    at,
    on: "key",
    message: "__proto__ cannot be a key",
    remedy: "another name",
  }));
}

function* protoKeys(value: unknown, at: Path, around: readonly object[]): Generator<Path> {
  if (typeof value !== "object" || value === null || around.includes(value)) return;
  const inside = insideOf(value);
  if (inside !== value) return yield* protoKeys(inside, at, [...around, value]);
  const isList = Array.isArray(value);
  if (!isList && ![Object.prototype, null].includes(Object.getPrototypeOf(value))) return;
  for (const [key, inner] of Object.entries(value)) {
    const place = [...at, isList ? Number(key) : key];
    if (key === "__proto__") yield place;
    yield* protoKeys(inner, place, [...around, value]);
  }
}
