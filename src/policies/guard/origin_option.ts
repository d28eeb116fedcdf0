/** Origins as settings. @module */

import type { z } from "zod";
import { parseAuthority } from "../../http/authority.ts";
import { functionOption } from "../../settings/function_option.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { oneOfShapes, oneOrMore, report, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { isAnyOrigin, type OriginFunction, type OriginPlan, type OriginsPlan, wholeOrigin } from "./origin_rule.ts";

const EXPECTED = 'an origin such as "https://app.example.com" or "https://*.example.com"';
/** Flags that change where a search begins or ends, and nothing of a match of the whole. */
const SEARCH_FLAGS = /[dgmy]/g;
/** What custom schemes, such as those of browser extensions and apps, have for a host. */
const PLAIN_HOST = /^[a-z0-9_.-]+(?::[1-9]\d{0,4})?$/;

const NOT_ANY = new Refusal(
  'with "*" everybody would be let in, which needs no policy',
  '"https://app.example.com", or no such policy',
);

/** A list of origins, or a function. @param any whether `"*"` is one: every origin */
export function originsOption(any: boolean): z.ZodType<OriginsPlan, unknown> {
  const expected = any ? `${EXPECTED}, or "*"` : EXPECTED;
  const written = text<OriginPlan>({
    expected,
    read: (origin) => origin === "*" ? any ? { kind: "any" } : NOT_ANY : readOrigin(origin),
  });
  const rule: z.ZodType<OriginPlan, unknown> = oneOfShapes(`${expected}, or { regex: "…" }`, [
    written,
    settings('{ regex: "…" }', {
      regex: expressionText.describe("A regular expression that matches the whole origin."),
    }).transform(({ regex }) => regex),
    expression,
  ]);
  const list = oneOrMore(`${expected}, { regex: "…" } or a function`, rule, "at least one origin is needed")
    .superRefine((rules, context) => {
      if (!isAnyOrigin(rules) || rules.length === 1) return;
      const message = '"*" is every origin: the others beside it change nothing';
      report(context, rules, [{ path: [rules.findIndex(({ kind }) => kind === "any")], message, remedy: '"*" alone' }]);
    });
  return oneOfShapes(`${expected}, a list of them, or a function`, [list, functionOption<OriginFunction>()]);
}

const expressionText = text<OriginPlan>({
  expected: "a regular expression for the whole origin",
  read: (source) => readExpression(source, "u"),
});

const expression = scalar<OriginPlan>({
  expected: "a regular expression",
  json: {},
  parse: (value) =>
    value instanceof RegExp ? readExpression(value.source, value.flags.replace(SEARCH_FLAGS, "")) : undefined,
});

function readExpression(source: string, flags: string): OriginPlan | Refusal {
  try {
    wholeOrigin({ source, flags });
    return { kind: "regex", source, flags };
  } catch (error) {
    const remedy = "a JavaScript regular expression with Unicode rules, without slashes and flags";
    return new Refusal(`"${source}" is no regular expression: ${(error as Error).message}`, remedy);
  }
}

/** Reads one origin, which must be written as browsers write it, or would never be met. */
export function readOrigin(written: string): OriginPlan | Refusal {
  if (written === "null") return { kind: "exact", origin: "null" };
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(.*)$/s.exec(written);
  if (parts === null) return new Refusal("an origin begins with a scheme", withScheme(written));
  const [, scheme, host, rest] = parts, lower = `${scheme}://${host}`.toLowerCase();
  if (rest !== "") return new Refusal("an origin has no path", `"${lower}"`);
  if (`${scheme}://${host}` !== lower) return new Refusal("browsers write origins in lower case", `"${lower}"`);
  if (host.includes("*")) return readWildcard(scheme, host);
  const fault = hostFault(scheme, host);
  return fault ?? { kind: "exact", origin: written };
}

function readWildcard(scheme: string, host: string): OriginPlan | Refusal {
  if (host === "*") {
    return new Refusal("this would be every origin of the scheme", `"${scheme}://*.example.com", with the domain`);
  }
  const below = host.slice(2);
  if (!host.startsWith("*.") || below.includes("*")) {
    const source = `${scheme}://${host.replaceAll(".", "\\.").replaceAll("*", "[a-z0-9-]+")}`;
    return new Refusal("* stands for whole labels, at the beginning", `{ regex: ${JSON.stringify(source)} }`);
  }
  const fault = hostFault(scheme, below, "*.");
  if (fault !== null) return fault;
  if (/^\[|^[\d.:]+$/.test(below)) return new Refusal("an address has no sub-domains", `"${scheme}://${below}"`);
  return { kind: "below", scheme, tail: `.${below}` };
}

/** @param before what stands before the host in remedies */
function hostFault(scheme: string, host: string, before = ""): Refusal | null {
  const isWeb = scheme === "https" || scheme === "http";
  if (!isWeb) return PLAIN_HOST.test(host) ? null : new Refusal(`"${host}" is no host`, EXPECTED);
  const at = host.lastIndexOf("@");
  if (at >= 0) return new Refusal("an origin has no user name", `"${scheme}://${before}${host.slice(at + 1)}"`);
  const url = URL.parse(`${scheme}://${host}`), asSent = url === null ? null : url.host;
  if (asSent === null || asSent === "" || parseAuthority(asSent) === null) {
    return new Refusal(`"${host}" is no host`, EXPECTED);
  }
  if (asSent === host) return null;
  const message = /[^\x20-\x7e]/.test(host)
    ? "browsers write names beyond ASCII in Punycode"
    : host.startsWith(asSent)
    ? "browsers leave the scheme's own port out"
    : "browsers write this host in another way";
  return new Refusal(message, `"${scheme}://${before}${asSent}"`);
}

function withScheme(written: string): string {
  const host = /^(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?::\d{1,5})?(?=\/?$)/.exec(written)?.[0];
  return host === undefined ? EXPECTED : `"https://${host.toLowerCase()}"`;
}
