/** What `compress` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import { choice } from "../../settings/choice.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, report, settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";
import { text } from "../../settings/text.ts";
import type { Prefer } from "./compress/accepted_coding.ts";
import { COMPRESSIBLE, isCompressed, isTypePattern } from "./compress/compressible_types.ts";
import { type Coding, CODINGS, DEFAULT_LEVELS, LEVELS } from "./compress/content_coding.ts";

const GIB = 1024 ** 3;

/** The options as they are checked. */
export interface CompressPlan {
  /** In order of preference. */
  readonly encodings: readonly Coding[];
  readonly prefer: Prefer;
  /** Bytes. */
  readonly minSize: number;
  readonly types: readonly string[];
  readonly levels: { readonly [C in Coding]: number };
}

const type = text<string>({
  expected: 'a type such as "application/json", "text/*" or "application/*+json"',
  read(written) {
    if (!isTypePattern(written)) {
      const remedy = '"text/html", "text/*" or "application/*+json"';
      return new Refusal(`"${written}" is no type of content`, remedy);
    }
    if (!isCompressed(written)) return written.toLowerCase();
    return new Refusal(`${written} is compressed in itself: doing it again costs time and gains nothing`);
  },
});

const level = (coding: Coding) =>
  wholeNumber(LEVELS[coding].least, LEVELS[coding].most).prefault(DEFAULT_LEVELS[coding])
    .describe(`Of ${coding}. Default: ${DEFAULT_LEVELS[coding]}.`);

/** Schema of the options of `compress`. */
export const compressSchema: z.ZodType<CompressPlan, unknown> = settings('settings such as { minSize: "4KiB" }', {
  encodings: listOf("a list of encodings", choice(CODINGS), "at least one encoding is needed")
    .prefault(["zstd", "br", "gzip"]).describe("What is offered, in order of preference."),
  prefer: choice(["client", "server"]).prefault("client")
    .describe("Whose order decides where a client takes several: its weights, or encodings alone."),
  minSize: size(0, GIB).prefault("1KiB").describe("Answers that are known to be shorter are left alone."),
  types: listOf("a list of types", type, "at least one type is needed").prefault([...COMPRESSIBLE])
    .describe("Types of content to compress: text/html, text/* or application/*+json."),
  levels: settings("settings such as { br: 5 }", { br: level("br"), zstd: level("zstd"), gzip: level("gzip") })
    .prefault({}).describe("How hard each encoding tries."),
}).transform((options, context) => {
  const twice = options.encodings.findIndex((coding, i) => options.encodings.indexOf(coding) < i);
  if (twice >= 0) {
    const message = `${options.encodings[twice]} stands here twice`;
    report(context, options, [{ path: ["encodings", twice], message, remedy: "nothing: leave it out" }]);
  }
  return options;
});
