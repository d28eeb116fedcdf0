/** The fields of an answer or a request whose content the gateway has changed. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { HeaderList } from "../../core/header_list.ts";

/** What is said of the bytes as they were (RFC 9530, RFC 1864, RFC 3230). */
const ABOUT_BYTES: readonly string[] = ["content-length", "content-digest", "repr-digest", "digest", "content-md5"];

/** Corrects or drops what was said of the content before: lengths, digests, and tags that name it byte by byte. */
export function contentChanged(headers: HeaderList): void {
  for (const name of ABOUT_BYTES) headers.remove(name);
  // Ranges would be of the content as it was (RFC 9110 §14.3).
  headers.remove("accept-ranges");
  weakenETag(headers);
}

/** Puts `W/` before a strong tag: the meaning is the same, the bytes are not (RFC 9110 §8.8.1). */
export function weakenETag(headers: HeaderList): void {
  const tag = headers.get("etag");
  if (tag === null || tag.startsWith("W/")) return;
  if (/^"[\x21\x23-\x7e\x80-\xff]*"$/.test(tag)) headers.set("etag", `W/${tag}`);
  else headers.remove("etag");
}

/**
 * The client holds an answer whose tag was weakened here: the answer that says it is still good names it in the same way
 * (RFC 9111 §4.3.4).
 *
 * @param headers of an answer with 304
 * @returns whether it was so
 */
export function weakenAsAsked({ headers: asked }: Exchange, headers: HeaderList): boolean {
  const tag = headers.get("etag");
  if (tag === null || tag.startsWith("W/") || asked.get("if-none-match")?.includes(`W/${tag}`) !== true) return false;
  weakenETag(headers);
  return true;
}

/** Trailers without those that are about bytes; names are in lower case. */
export function trailersOfChanged(trailers: readonly string[] | null): readonly string[] | null {
  if (trailers === null || !trailers.some((name, i) => i % 2 === 0 && ABOUT_BYTES.includes(name))) return trailers;
  const kept: string[] = [];
  for (let i = 0; i < trailers.length; i += 2) {
    if (!ABOUT_BYTES.includes(trailers[i])) kept.push(trailers[i], trailers[i + 1]);
  }
  return kept;
}
