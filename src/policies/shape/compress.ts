/**
 * The `compress` policy: answers in zstd, br or gzip, for clients that take them.
 *
 * @module
 */

import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import { formatSize, type Size } from "../../core/units.ts";
import { codingChooser } from "./compress/accepted_coding.ts";
import { compressibleTypes } from "./compress/compressible_types.ts";
import { type CompressionRules, compressReply } from "./compress/compression.ts";
import { prepareCoding } from "./compress/content_coding.ts";
import { type CompressPlan, compressSchema } from "./compress_schema.ts";

/** From here on brotli takes tens of milliseconds for a piece of 32 KiB. */
const SLOW_BROTLI = 10;

/** Options of {@link compress}. */
export interface CompressOptions {
  /**
   * What is offered, in order of preference.
   *
   * @default ["zstd", "br", "gzip"]: zstd makes answers as small as br does, in a quarter of the time
   */
  readonly encodings?: readonly ("br" | "zstd" | "gzip")[];
  /**
   * Who decides where a client takes several: `"client"`, its weights (`gzip;q=0.5`), and our order among equals, or
   * `"server"`, our order among those that it does not exclude.
   *
   * @default "client"
   */
  readonly prefer?: "client" | "server";
  /**
   * Answers that are known to be shorter are left alone. Those of unknown length are compressed.
   *
   * @default "1KiB"
   */
  readonly minSize?: Size;
  /**
   * Types of content to compress: `"application/json"`, a family `"text/*"`, or a suffix `"application/*+json"`. Images,
   * video, archives and other types that are compressed in themselves never are.
   *
   * @default text, JSON, XML, scripts, WebAssembly, SVG, uncompressed fonts, and all `+json` and `+xml`
   */
  readonly types?: readonly string[];
  /**
   * How hard each tries: br 0–11, zstd 1–19, gzip 1–9. Higher costs more time of the one thread that serves everybody:
   * br from 10 on takes tens of milliseconds for 32 KiB.
   *
   * @default { br: 4, zstd: 3, gzip: 4 }
   */
  readonly levels?: { readonly br?: number; readonly zstd?: number; readonly gzip?: number };
}

/**
 * Compresses answers, whoever made them. One up to 16 KiB that is all there is compressed at once and keeps a length;
 * others are compressed as they are read, for which each takes 100 KiB (br) to 400 KiB (zstd) of memory. Streams go on as
 * they come: what an upstream sent is compressed and flushed before more is waited for, so events arrive one by one.
 *
 * An answer is left alone that has a `content-encoding` already, a `Cache-Control: no-transform`, no content or a part of
 * it (206). One that could be compressed gets `Vary: Accept-Encoding` in any case; one that is loses its length, its
 * digests and `Accept-Ranges`, and its `ETag` becomes weak. Clients send the weak tag back: `If-None-Match` matches it as
 * before, `If-Match` and `If-Range` do not (RFC 9110 §13.1).
 *
 * Compression lets who can add to an answer and see its length guess what else is in it (BREACH): on routes whose answers
 * hold both a secret and what a request said, leave it out.
 *
 * Put it before policies that change content (`transform`): those before see what leaves, those behind what comes.
 *
 * @example
 * ```ts
 * import { compress } from "gatewright";
 *
 * const policy = compress({ minSize: "2KiB", encodings: ["br", "gzip"] });
 * console.log(policy.kind); // compress
 * ```
 */
export function compress(options: CompressOptions = {}): Policy<"compress", never, never> {
  return recordPolicy(compressDefinition, options);
}

/** The `compress` policy's options and what it is built into. */
export const compressDefinition: PolicyDefinition<CompressPlan> = {
  kind: "compress",
  schema: compressSchema,
  traits: () => ({ guard: false }),
  warnings({ encodings, levels }) {
    if (!encodings.includes("br") || levels.br < SLOW_BROTLI) return [];
    const message = "this takes tens of milliseconds for 32 KiB, in which nobody else is served";
    return [{ at: ["levels", "br"], message, seen: String(levels.br), remedy: "4 to 6" }];
  },
  describe: ({ encodings, minSize }) => `compress: ${encodings.join(", ")} from ${formatSize(minSize)}`,
  build({ encodings, prefer, minSize, types, levels }) {
    const codings = encodings.map((name) => prepareCoding(name, levels[name]));
    const choose = codingChooser(encodings, prefer);
    const rules: CompressionRules = { minSize, isCompressible: compressibleTypes(types) };
    return (next) => (exchange) => {
      // Before those behind: they may ask the upstream for something else.
      const chosen = choose(exchange.headers.get("accept-encoding")), coding = chosen < 0 ? null : codings[chosen];
      const reply = next(exchange);
      return reply instanceof Promise
        ? reply.then((reply) => compressReply(exchange, reply, coding, rules))
        : compressReply(exchange, reply, coding, rules);
    };
  },
};
