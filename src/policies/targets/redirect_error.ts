/** What can be wrong with the `to` of a redirect, seen without a request. @module */

import { KEY_FORMS } from "../../core/key.ts";
import { parseTemplate } from "../../core/template.ts";

/** What is wrong, and what to write instead. */
export interface RedirectError {
  readonly message: string;
  readonly remedy: string;
}

/** Scheme and host, up to where path, query or fragment begin. */
const ORIGIN = /^https?:\/\/[^/?#]+(?=[/?#])/i;
/** What RFC 3986 lets stand in a URL. */
const FOREIGN = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/u;

/** Why a template cannot be redirected to, or `null` when it can. Which facts its keys need is another question. */
export function redirectError(to: string): RedirectError | null {
  const template = parseTemplate(to);
  if ("error" in template) {
    return { message: template.error, remedy: `a path or URL with keys in braces: {${KEY_FORMS.join("}, {")}}` };
  }
  const { literals, keys } = template, [head] = literals;
  const foreign = FOREIGN.exec(literals.join(""));
  if (foreign !== null) {
    return {
      message: `${JSON.stringify(foreign[0])} cannot stand in a URL as it is`,
      remedy: `it percent-encoded: ${encodeURIComponent(foreign[0].toWellFormed())}`,
    };
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(literals.join("\0"))) {
    return { message: `"%" is not followed by two hex digits`, remedy: "%25 for the character itself" };
  }
  if (head.startsWith("//")) {
    return { message: `"//" begins the name of a host`, remedy: `"https:${to}", or "/${to.replace(/^\/+/, "")}"` };
  }
  if (head.startsWith("/")) return null;
  if (keys.length === 0 ? URL.canParse(head) && /^https?:\/\//i.test(head) : ORIGIN.test(head)) return hostError(head);
  return /^https?:\/\//i.test(head)
    ? {
      message: "a key stands in the host: whoever sends the request would choose where it leads",
      remedy: "the host in full, and keys behind the / that follows it",
    }
    : { message: "it is neither a path nor a URL", remedy: `"/…", or "https://host/…"` };
}

function hostError(head: string): RedirectError | null {
  const origin = /^https?:\/\/[^/?#]+/i.exec(head)?.[0] ?? "";
  if (origin.includes("@")) return { message: "it holds a user name", remedy: "the host without user and password" };
  return URL.canParse(origin) ? null : { message: `"${origin}" is no host`, remedy: `"https://host/…"` };
}
