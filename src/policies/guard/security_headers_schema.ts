/** What `securityHeaders` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import { isToken } from "../../http/token.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { Refusal } from "../../settings/scalar.ts";
import { listOf, oneOrMore, orOff, report, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";
import { protectedField } from "../shape/protected_fields.ts";
import { contentSecurityPolicy } from "./content_security_policy.ts";
import { permissionsPolicy } from "./permissions_policy.ts";

/** Milliseconds: what browsers' preload lists ask for. */
const YEAR = 365 * 86_400_000;

/** Values of `Referrer-Policy` (W3C Referrer Policy §3). */
export const REFERRER_POLICIES = [
  "no-referrer",
  "no-referrer-when-downgrade",
  "same-origin",
  "origin",
  "strict-origin",
  "origin-when-cross-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
] as const;
export const OPENER_POLICIES = [
  "same-origin",
  "same-origin-allow-popups",
  "noopener-allow-popups",
  "unsafe-none",
] as const;
export const RESOURCE_POLICIES = ["same-origin", "same-site", "cross-origin"] as const;
export const EMBEDDER_POLICIES = ["require-corp", "credentialless", "unsafe-none"] as const;

/** Names of what runs a server, which help nobody but those who look for its holes. */
const TELLTALE: readonly string[] = ["server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version"];

/** The options as they are checked. */
export interface SecurityHeadersPlan {
  /** `[name, value, …]` in lower case, of every answer. */
  readonly fields: readonly string[];
  /** `Strict-Transport-Security`, of answers over TLS; `null` for none. */
  readonly hsts: string | null;
  readonly remove: readonly string[];
  readonly override: boolean;
}

const hsts = settings('settings such as { maxAge: "365d" }', {
  maxAge: duration({ zero: true, most: 10 * YEAR }).prefault("365d")
    .describe("How long browsers come over TLS only; 0s ends it."),
  includeSubDomains: flag().prefault(true).describe("Whether that holds for all sub-domains, too."),
  preload: flag().prefault(false).describe("Whether the domain may be built into browsers."),
}).superRefine((hsts, context) => {
  if (!hsts.preload) return;
  const message = "browsers build in only what holds for a year and for all sub-domains";
  if (hsts.maxAge < YEAR) report(context, hsts, [{ path: ["maxAge"], message, remedy: '"365d"' }]);
  if (!hsts.includeSubDomains) report(context, hsts, [{ path: ["includeSubDomains"], message, remedy: "true" }]);
}).transform(({ maxAge, includeSubDomains, preload }) =>
  `max-age=${Math.floor(maxAge / 1_000)}${includeSubDomains ? "; includeSubDomains" : ""}${preload ? "; preload" : ""}`
);

const removed = text<string>({
  expected: 'the name of a header, such as "server"',
  read(name) {
    if (!isToken(name)) return new Refusal(`"${name}" is no name of a header`, '"server"');
    const reason = protectedField(name, "response");
    return reason === undefined ? name.toLowerCase() : new Refusal(`${name} cannot be removed: ${reason}`);
  },
});

/** Schema of the options of `securityHeaders`. */
export const securityHeadersSchema: z.ZodType<SecurityHeadersPlan, unknown> = settings(
  "settings such as { frameOptions: false }",
  {
    hsts: orOff("settings", hsts).prefault({}).describe("Strict-Transport-Security, on answers over TLS."),
    contentTypeOptions: orOff('"nosniff"', choice(["nosniff"])).prefault("nosniff").describe("X-Content-Type-Options."),
    referrerPolicy: orOff(
      "a policy, or a list of them",
      oneOrMore("a policy", choice(REFERRER_POLICIES), "at least one policy is needed"),
    ).prefault("no-referrer").describe("Referrer-Policy; of a list browsers take the last that they know."),
    frameOptions: orOff('"SAMEORIGIN" or "DENY"', choice(["SAMEORIGIN", "DENY"])).prefault("SAMEORIGIN")
      .describe("X-Frame-Options; frame-ancestors of a content security policy goes before it."),
    permissionsPolicy: orOff("a policy", permissionsPolicy).prefault(false).describe(
      "Permissions-Policy. Default: none.",
    ),
    openerPolicy: orOff("a policy", choice(OPENER_POLICIES)).prefault("same-origin")
      .describe("Cross-Origin-Opener-Policy."),
    resourcePolicy: orOff("a policy", choice(RESOURCE_POLICIES)).prefault("same-origin")
      .describe("Cross-Origin-Resource-Policy."),
    embedderPolicy: orOff("a policy", choice(EMBEDDER_POLICIES)).prefault(false)
      .describe("Cross-Origin-Embedder-Policy. Default: none."),
    contentSecurityPolicy: orOff("a policy", contentSecurityPolicy).prefault(false)
      .describe("Content-Security-Policy, as a text or by directive. Default: none."),
    contentSecurityPolicyReportOnly: orOff("a policy", contentSecurityPolicy).prefault(false)
      .describe("Content-Security-Policy-Report-Only. Default: none."),
    remove: orOff("a list of header names", listOf("a list of header names", removed)).prefault([...TELLTALE])
      .describe("Headers of the upstream that do not pass."),
    override: flag().prefault(false).describe("Whether these replace what the upstream has set."),
  },
).transform((plan): SecurityHeadersPlan => {
  const values: readonly (readonly [string, string | null])[] = [
    ["x-content-type-options", plan.contentTypeOptions],
    ["referrer-policy", plan.referrerPolicy?.join(", ") ?? null],
    ["x-frame-options", plan.frameOptions],
    ["permissions-policy", plan.permissionsPolicy],
    ["cross-origin-opener-policy", plan.openerPolicy],
    ["cross-origin-resource-policy", plan.resourcePolicy],
    ["cross-origin-embedder-policy", plan.embedderPolicy],
    ["content-security-policy", plan.contentSecurityPolicy],
    ["content-security-policy-report-only", plan.contentSecurityPolicyReportOnly],
  ];
  return {
    fields: values.flatMap(([name, value]) => value === null ? [] : [name, value]),
    hsts: plan.hsts,
    remove: plan.remove ?? [],
    override: plan.override,
  };
});
