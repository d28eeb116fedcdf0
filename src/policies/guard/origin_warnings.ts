/** Rules for origins that let more in than they seem to. @module */

import type { PolicyWarning } from "../../core/policy.ts";
import { type OriginPlan, type OriginsPlan, originText, wholeOrigin } from "./origin_rule.ts";

/** An origin that is nobody's (RFC 2606 §2): what lets it in lets everybody in. */
const NOBODY = ["https://nobody.invalid", "https://nobody.example:8443"];
/** Names under which the public can have none (RFC 6761, RFC 6762, RFC 8375 and ICANN's `internal`). */
const PRIVATE: ReadonlySet<string> = new Set(["localhost", "test", "local", "internal", "lan", "corp", "home"]);

/** Whether an expression lets in whoever asks. */
export function takesAnybody(rule: OriginPlan): boolean {
  if (rule.kind !== "regex") return rule.kind === "any";
  const regex = wholeOrigin(rule);
  return NOBODY.every((origin) => regex.test(origin));
}

/** @param at the option @param credentials whether those who are let in may do it in the user's name */
export function originWarnings(origins: OriginsPlan, at: string, credentials: boolean): PolicyWarning[] {
  if (typeof origins === "function") return [];
  return origins.flatMap((rule, i) => {
    const warning = warningOf(rule, credentials);
    return warning === null ? [] : [{ at: origins.length === 1 ? [at] : [at, i], seen: originText(rule), ...warning }];
  });
}

function warningOf(rule: OriginPlan, credentials: boolean): Pick<PolicyWarning, "message" | "remedy"> | null {
  switch (rule.kind) {
    case "exact":
      return rule.origin === "null" && credentials
        ? { message: "any page can have the origin null: a sandboxed frame is enough", remedy: "the page's own origin" }
        : null;
    case "below":
      return isPublic(rule.tail)
        ? { message: `anybody can have a name under ${rule.tail}`, remedy: "the domain that is yours" }
        : null;
    case "regex":
      return expressionWarning(rule.source);
    case "any":
      return null;
  }
}

function isPublic(tail: string): boolean {
  const name = tail.slice(1).replace(/:\d+$/, "");
  return !name.includes(".") && !PRIVATE.has(name);
}

function expressionWarning(source: string): Pick<PolicyWarning, "message" | "remedy"> | null {
  const dot = /[a-z0-9](\.)[a-z]/.exec(source);
  if (dot !== null) {
    const meant = source.replace(/([a-z0-9])\.(?=[a-z])/g, "$1\\.");
    return { message: "a dot that is not escaped is any character: others' names fit too", remedy: `/${meant}/` };
  }
  const loose = /\.[*+]\??(?=[a-z0-9])/.exec(source);
  if (loose === null) return null;
  const meant = source.replace(/\.[*+]\??(?=[a-z0-9])/, "(?:[a-z0-9-]+\\.)*");
  return { message: `${loose[0]} is any text: https://evil-… fits too`, remedy: `/${meant}/` };
}
