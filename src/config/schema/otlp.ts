/** Collectors that are reached by OTLP over HTTP. @module */

import { z } from "zod";
import { isFieldValue } from "../../core/header_list.ts";
import type { Secret } from "../../core/secret.ts";
import { REQUEST_HOP } from "../../http/hop_by_hop.ts";
import { isToken } from "../../http/token.ts";
import { fieldText } from "../../policies/shape/field_text.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { nearest } from "../../settings/nearest.ts";
import { Refusal } from "../../settings/scalar.ts";
import { type Misfit, oneOfShapes, report } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { either } from "../../settings/word_list.ts";
import type { OtlpPlan } from "../../telemetry/telemetry_plan.ts";
import { isSensitiveKey, withoutCredentials } from "../seen.ts";
import { secretValue } from "./secret_value.ts";

/** What is sent. */
export type Signal = "traces" | "metrics";

/** A collector on this machine, as OpenTelemetry's own is set up. */
const LOCAL = "http://localhost:4318";
const EXPECTED = `a URL such as "${LOCAL}"`;

/** Fields that the exporter writes, or that the message would break on. */
const TAKEN = ["host", "content-type", "content-encoding", "content-length", "expect", ...REQUEST_HOP];

/** What a collector's settings are, in messages. */
export const COLLECTOR = '{ otlp: "http://…" }';

/** The settings of a collector. */
export function otlpShape(signal: Signal) {
  return {
    otlp: otlpUrl(signal).describe(`Its URL. Without a path: with /v1/${signal}.`),
    protocol: choice(["http/json", "http/protobuf"]).prefault("http/json").describe("What messages are made of."),
    headers: fields.prefault({}).describe("Fields of each message, as texts or secrets."),
    compression: choice(["none", "gzip"]).prefault("none").describe("Whether messages are compressed."),
    timeout: duration({ zero: false, most: 60_000 }).prefault("10s")
      .describe("How long the collector has to take a message."),
  };
}

/** What the settings of a collector become. */
export function otlpPlan<S extends Omit<OtlpPlan, "url"> & { readonly otlp: string }>({ otlp, ...rest }: S) {
  return { url: otlp, ...rest };
}

/**
 * A collector: `"otlp"` for one on this machine, another of these words, which stays as it is, or settings.
 *
 * @param collector what becomes of settings that name a URL
 */
export function collectorOr<W extends string, P extends OtlpPlan>(
  words: readonly W[],
  collector: z.ZodType<P, unknown>,
): z.ZodType<W | P, unknown> {
  const expected = either([...["otlp", ...words].map((word) => `"${word}"`), COLLECTOR]);
  return oneOfShapes(expected, [
    word(["otlp", ...words], expected)
      .transform((word) => word === "otlp" ? z.parse(collector, { otlp: LOCAL }) : word as W),
    collector,
  ]);
}

function word<W extends string>(words: readonly W[], expected: string): z.ZodType<W, unknown> {
  return text<W>({
    expected,
    json: { enum: words },
    read(value) {
      if (words.includes(value as W)) return value as W;
      const isUrl = /^https?:\/\/./i.test(value), meant = nearest(value, words);
      const remedy = isUrl ? `{ otlp: ${JSON.stringify(withoutCredentials(value))} }` : meant && `"${meant}"`;
      return new Refusal(`expected ${expected}`, remedy);
    },
  });
}

const field = oneOfShapes("a text or a secret", [
  z.string({ error: "expected a text or a secret" }).meta({ writeOnly: true }),
  secretValue(),
]);

const fields: z.ZodType<Readonly<Record<string, string | Secret>>, unknown> = z.record(z.string(), field, {
  error: (issue) => issue.code === "invalid_type" ? "expected fields by name" : undefined,
}).transform((written, context) => {
  const misfits = Object.entries(written).flatMap(([name, value], i, all): Misfit[] => {
    const wrong = wrongField(name, value) ??
      (all.findIndex(([other]) => other.toLowerCase() === name.toLowerCase()) < i
        ? { message: "this field stands here twice: names know no case", remedy: "one of them", onKey: true }
        : null);
    return wrong === null ? [] : [{ path: [name], ...wrong }];
  });
  report(context, written, misfits);
  if (misfits.length > 0) return z.NEVER;
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === "string" ? fieldText(value) : value,
    ]),
  );
});

function wrongField(name: string, value: string | Secret): Omit<Misfit, "path"> | null {
  if (!isToken(name)) return { message: "this is no name of a header", remedy: '"authorization"', onKey: true };
  if (TAKEN.includes(name.toLowerCase())) {
    return { message: `${name} is written by the exporter itself`, remedy: "nothing: leave it out", onKey: true };
  }
  if (typeof value !== "string") return null;
  if (isSensitiveKey(name)) {
    const remedy = 'secret.env("NAME") or secret.file("path"); in YAML { env: NAME } or { file: path }';
    return { message: `expected a secret, which is the whole value of ${name}`, remedy };
  }
  return isFieldValue(fieldText(value))
    ? null
    : { message: "this cannot stand in a header field", remedy: "one line of text without outer white space" };
}

function otlpUrl(signal: Signal): z.ZodType<string, unknown> {
  return text<string>({
    expected: EXPECTED,
    json: { pattern: "^[Hh][Tt][Tt][Pp][Ss]?://[^?#@\\s]+$" },
    remedy: (value) =>
      typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 65535
        ? `"http://localhost:${value}"`
        : undefined,
    read: (value) => readUrl(value, signal),
  });
}

function readUrl(written: string, signal: Signal): string | Refusal {
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(written) ?? [];
  if (scheme === undefined) {
    const isHost = /^[A-Za-z0-9.-]+(:\d{1,5})?(\/\S*)?$/.test(written);
    return new Refusal(`expected ${EXPECTED}`, isHost ? `"http://${written}"` : undefined);
  }
  if (!/^https?$/i.test(scheme)) {
    return new Refusal(`collectors are reached by OTLP over http or https, not ${scheme}`, `"${LOCAL}"`);
  }
  const url = /[\s\\]/.test(rest) ? null : URL.parse(written);
  if (url === null) return new Refusal(`this is not a URL: expected ${EXPECTED}`);
  if (url.username !== "" || url.password !== "") {
    return new Refusal("a URL here has no user name or password", 'headers: { authorization: secret.env("NAME") }');
  }
  if (url.search !== "" || url.hash !== "" || /[?#]$/.test(written)) {
    return new Refusal("a collector's URL has no query and no fragment", `"${url.origin}${url.pathname}"`);
  }
  return url.origin + (url.pathname === "/" ? `/v1/${signal}` : url.pathname);
}
