/** Host patterns. @module */

import type { PatternError } from "./pattern_error.ts";

/**
 * What is wrong with a route's host, or `null`. A host is an exact name or address without port, or `*.example.com`,
 * which stands for one or more labels before `.example.com`.
 */
export function hostError(host: string): PatternError | null {
  if (host === "*" || host === "") {
    return { message: `"${host}" is no host`, remedy: `no host, which takes every host` };
  }
  if (host.includes("://")) {
    return { message: `"${host}" is a URL`, remedy: `"${host.split("://")[1].split(/[/:?#]/)[0]}"` };
  }
  if (isAddress(host)) return null;
  const port = /^(.*):\d*$/.exec(host);
  if (port !== null) return { message: "routes match hosts without port", remedy: `"${port[1]}"` };
  if (host.endsWith(".")) return { message: "the name ends with a dot", remedy: `"${host.replace(/\.+$/, "")}"` };
  const name = host.startsWith("*.") ? host.slice(2) : host;
  if (name.includes("*")) {
    return {
      message: `"*" can only be the first label`,
      remedy: `"*.${name.slice(name.lastIndexOf("*") + 1).replace(/^[^.]*\./, "")}"`,
    };
  }
  if (/\P{ASCII}/u.test(name)) {
    return { message: "the name is not in ASCII", remedy: `"${asciiName(host)}"` };
  }
  if (name.length <= 253 && /^[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*$/.test(name)) return null;
  return { message: `"${host}" is no host name`, remedy: `a name such as "api.example.com" or "*.example.com"` };
}

/** How specific a host is, for sorting: exact names first, then wildcards from the longest, then `""`, which is any host. */
export function compareHosts(a: string, b: string): number {
  return hostTier(a) - hostTier(b) || (a[0] === "*" ? b.length - a.length : 0) || (a < b ? -1 : a > b ? 1 : 0);
}

function hostTier(host: string): number {
  return host === "" ? 2 : host[0] === "*" ? 1 : 0;
}

function isAddress(host: string): boolean {
  return /^\[[0-9A-Fa-f:.]+\]$/.test(host);
}

/** The name as DNS has it (punycode). */
function asciiName(host: string): string {
  const wildcard = host.startsWith("*.") ? "*." : "";
  return wildcard + (URL.parse(`http://${host.slice(wildcard.length)}`)?.hostname ?? "xn--…");
}
