/** Settings of the gateway itself, each with its defaults. @module */

import type { z } from "zod";
import { CidrSet, isCidrError } from "../../http/cidr.ts";
import { REQUEST_HOP } from "../../http/hop_by_hop.ts";
import { isToken } from "../../http/token.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";

/** Proxies whose forwarded fields are believed. */
export const trustedProxiesSchema = listOf(
  "a list of addresses and blocks",
  text<string>({
    expected: 'an address or a block such as "10.0.0.0/8"',
    read(block) {
      const parsed = CidrSet.parse([block]);
      return isCidrError(parsed) ? new Refusal(parsed.issues[0].error, parsed.issues[0].remedy) : block;
    },
  }),
).prefault([]).describe("Addresses and CIDR blocks of the proxies in front; only their forwarded fields are believed.");

/** How paths are read. */
export const pathsSchema = settings("settings of paths", {
  encodedSlash: choice(["keep", "reject"]).prefault("keep")
    .describe("What becomes of %2F: an ordinary character of a segment, or a 400."),
  mergeSlashes: flag().prefault(false).describe("Reads // as /."),
}).prefault({}).describe("How request paths are read before routes see them.");

/** The id of each request. */
export const requestIdSchema = settings("settings of the request id", {
  accept: choice(["trusted", "any"]).prefault("any").describe("Whose id is kept: a trusted proxy's only, or anyone's."),
  header: idHeader().prefault("x-request-id").describe("Field that carries it."),
}).prefault({}).describe("The id that each request gets.");

/** What happens between a signal to stop and the exit. */
export const shutdownSchema = settings("settings of the shutdown", {
  delay: duration({ zero: true }).prefault("0s").describe("How long requests are still accepted after the signal."),
  grace: duration({ zero: true }).prefault("30s").describe("How long running requests may take to end after that."),
}).prefault({}).describe("What happens between a signal to stop and the exit.");

function idHeader(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'the name of a header, such as "x-request-id"',
    read(name) {
      const lower = name.toLowerCase();
      if (!isToken(name)) return new Refusal("this is no name of a header", '"x-request-id"');
      if (!REQUEST_HOP.includes(lower) && !TAKEN.includes(lower)) return lower;
      return new Refusal(`${lower} has a meaning of its own`, '"x-request-id"');
    },
  });
}

/** End-to-end fields that an id in their place would break. */
const TAKEN: readonly string[] = [
  ...["host", "content-length", "content-type", "content-encoding", "expect", "date", "cookie", "set-cookie"],
  ...["authorization", "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
];
