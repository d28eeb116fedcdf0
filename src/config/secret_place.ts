/** Where secrets stand that a schema may have moved. @module */

import type { Secret } from "../core/secret.ts";
import type { Path } from "./finding.ts";
import { settingsOf } from "./read_part.ts";

/** The way to where a secret is written, in options as they were authored; `undefined` where it is not. */
export function secretPlace(secret: Secret, written: unknown, around: readonly object[] = []): Path | undefined {
  if (typeof written === "string" && written === secret.file || isReference(secret, settingsOf(written))) return [];
  if (typeof written !== "object" || written === null || around.includes(written)) return undefined;
  for (const [key, inner] of Object.entries(written)) {
    const place = secretPlace(secret, inner, [...around, written]);
    if (place !== undefined) return [Array.isArray(written) ? Number(key) : key, ...place];
  }
  return undefined;
}

function isReference(secret: Secret, { env, file }: Readonly<Record<string, unknown>>): boolean {
  return (env ?? file) !== undefined && env === secret.env && file === secret.file;
}
