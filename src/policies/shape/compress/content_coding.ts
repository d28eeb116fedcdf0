/** The content codings that answers are compressed with. @module */

import {
  type BrotliCompress,
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  type Gzip,
  gzipSync,
  type ZstdCompress,
  zstdCompressSync,
} from "node:zlib";

/** Names of codings (RFC 9110 §8.4.1, RFC 7932, RFC 9659). */
export const CODINGS = ["br", "zstd", "gzip"] as const;

/** A content coding by its registered name. */
export type Coding = typeof CODINGS[number];

/** What takes bytes and gives them compressed. */
export type Compressor = Gzip | BrotliCompress | ZstdCompress;

/** One coding at one level, prepared. */
export interface PreparedCoding {
  readonly name: Coding;
  /** Compresses at once, in the caller's time. */
  whole(bytes: Uint8Array): Uint8Array;
  /** A stream; destroy it, or read it to its end, for its memory to be freed. */
  open(): Compressor;
  /** What to flush with so that everything that was written comes out. */
  readonly flush: number;
}

/** Levels that each coding knows. */
export const LEVELS: { readonly [C in Coding]: { readonly least: number; readonly most: number } } = {
  br: { least: 0, most: 11 },
  zstd: { least: 1, most: 19 },
  gzip: { least: 1, most: 9 },
};

/** Levels that cost little more than the lowest and save nearly what the highest do (bench/shape_bench.ts). */
export const DEFAULT_LEVELS: { readonly [C in Coding]: number } = { br: 4, zstd: 3, gzip: 4 };

/** Bits of the window, 256 KiB: answers are rarely longer, and each that is under way has its own. */
const BROTLI_WINDOW = 18;

/**
 * Bits of the window and of the tables. With these a stream takes 370 KiB in place of 880, and 2 KiB at once take two
 * thirds of the time, for answers that are no longer (bench/shape_bench.ts).
 */
const ZSTD_STREAM = { window: 17, tables: 15 }, ZSTD_AT_ONCE = { window: 14, tables: 12 };
/** Up to this level zstd goes by tables alone; what is higher was asked for, and takes what it needs. */
const ZSTD_FAST = 4;

/** Prepares a coding. */
export function prepareCoding(name: Coding, level: number): PreparedCoding {
  switch (name) {
    case "br": {
      const params = { [constants.BROTLI_PARAM_QUALITY]: level, [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW };
      return {
        name,
        flush: constants.BROTLI_OPERATION_FLUSH,
        whole: (bytes) => brotliCompressSync(bytes, { params }),
        open: () => createBrotliCompress({ params }),
      };
    }
    case "zstd": {
      const atOnce = zstdParams(level, ZSTD_AT_ONCE), stream = zstdParams(level, ZSTD_STREAM);
      return {
        name,
        flush: constants.ZSTD_e_flush,
        whole: (bytes) => zstdCompressSync(bytes, { params: atOnce }),
        open: () => createZstdCompress({ params: stream }),
      };
    }
    case "gzip":
      return {
        name,
        flush: constants.Z_SYNC_FLUSH,
        whole: (bytes) => gzipSync(bytes, { level }),
        open: () => createGzip({ level }),
      };
  }
}

function zstdParams(level: number, { window, tables }: typeof ZSTD_STREAM): Record<number, number> {
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_windowLog]: window };
  if (level > ZSTD_FAST) return params;
  return { ...params, [constants.ZSTD_c_hashLog]: tables, [constants.ZSTD_c_chainLog]: tables };
}
