/** The fields that tell an upstream where a request came from: `X-Forwarded-*`, `Forwarded` (RFC 7239) and `Via`. @module */

import { FieldSet } from "../core/field_set.ts";
import type { Exchange, HttpVersion } from "../core/exchange.ts";
import { parseAuthority } from "./authority.ts";
import { addressOf, elementAbout, elementsFromRight, nodeAddress, nodeText } from "./forwarded_field.ts";
import { REQUEST_HOP } from "./hop_by_hop.ts";
import { parseIPv4 } from "../core/ip_address.ts";

/** This gateway's own entry in `Via` (RFC 9110 §7.6.3), of a message in HTTP/1.1. */
export const VIA = "1.1 gatewright";

/** Every field of a received request that {@link forwardedText} writes anew or that ends at this hop. */
export const REQUEST_DROP: FieldSet = new FieldSet([
  ...REQUEST_HOP,
  ...["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "via"],
]);

/** What only a proxy may say about where a request came from or which path it asked for, beside all of `X-Forwarded-*`. */
const PROXY_ONLY: ReadonlySet<string> = new Set([
  "forwarded",
  ...["x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "fastly-client-ip", "x-cluster-client-ip"],
  ...["x-original-url", "x-original-uri", "x-original-host", "x-rewrite-url", "x-host", "x-http-host-override"],
  ...["x-scheme", "x-url-scheme", "front-end-https"],
]);

/**
 * Whether a field, by its name in lower case, is worth nothing unless a trusted proxy sent it. Names with `_` are among
 * them: CGI, WSGI and PHP read `X_Forwarded_For` as `X-Forwarded-For` (nginx drops them too).
 */
export function isProxyOnly(name: string): boolean {
  return name.startsWith("x-forwarded") || name.includes("_") || PROXY_ONLY.has(name);
}

const PROTOCOL = /^[A-Za-z][A-Za-z0-9+.-]*$/;
/** An IPv6 address among the two things a normalised peer can be: an address, or a name for what has none. */
const IPV6 = /^[0-9a-f]*:[0-9a-f:]*$/;

/**
 * The field lines that a request carries upstream in place of those in {@link REQUEST_DROP}, each ended by CRLF.
 *
 * What an untrusted peer says is replaced. What a trusted one says is continued: the peer's address is appended to
 * `X-Forwarded-For` and `Forwarded`, `X-Forwarded-Proto` and `-Host` stay. Where it sends only one of the two lists, the
 * other is translated from it (RFC 7239 §7.4), so that both tell the same story. `Via` is appended to in both cases.
 */
export function forwardedText(exchange: Exchange): string {
  return originText(exchange) + viaLine(exchange);
}

/** {@link forwardedText} without `Via`. Of an untrusted client it depends on who that is, on authority and scheme only. */
export function originText(exchange: Exchange): string {
  return exchange.client.trusted ? continued(exchange) : replaced(exchange);
}

/** `Via` as it goes upstream. */
export function viaLine({ headers, httpVersion }: Exchange): string {
  return "via: " + viaValue(headers.get("via"), httpVersion) + "\r\n";
}

/** The value of `Via` behind this gateway, of a message that came in `version`. */
export function viaValue(received: string | null, version: HttpVersion): string {
  const own = version === "1.1" ? VIA : version + " gatewright";
  return received === null || received === "" ? own : received + ", " + own;
}

function replaced(exchange: Exchange): string {
  const { client, scheme, authority } = exchange, peer = peerAddress(client.peer);
  return lines(peer ?? "unknown", scheme, authority, ownElement(peer, exchange));
}

function continued(exchange: Exchange): string {
  const { client, headers, scheme, authority } = exchange, peer = peerAddress(client.peer);
  const sent = {
    chain: headers.get("x-forwarded-for") || null,
    proto: headers.get("x-forwarded-proto") || null,
    host: headers.get("x-forwarded-host") || null,
  };
  const elements = elementsFromRight(headers.get("forwarded") ?? "");
  let { chain, proto, host } = sent;
  if (chain === null && elements.length > 0) {
    const first = elementAbout(client.ip, elements);
    proto ??= validProtocol(first?.proto);
    host ??= validHost(first?.host);
    chain = elements.map((element) => addressOf(element) ?? "unknown").reverse().join(", ");
  }
  const before = elements.length > 0
    ? elements.map((element) => element.text).reverse().join(", ") + ", "
    : translated(client.ip, sent);
  return lines(
    (chain === null ? "" : chain + ", ") + (peer ?? "unknown"),
    proto ?? scheme,
    host ?? authority,
    before + ownElement(peer, exchange),
  );
}

function lines(chain: string, proto: string, host: string, forwarded: string): string {
  return "x-forwarded-for: " + chain + "\r\nx-forwarded-proto: " + proto +
    (host === "" ? "" : "\r\nx-forwarded-host: " + host) + "\r\nforwarded: " + forwarded + "\r\n";
}

/** What this hop saw: its peer, and host and scheme as they were asked for here. */
function ownElement(peer: string | null, { authority, scheme }: Exchange): string {
  return "for=" + nodeText(peer) + hostPair(authority) + ";proto=" + scheme;
}

/** `X-Forwarded-*` as the elements of `Forwarded` before ours, ended by a comma. Host and scheme are the client's. */
function translated(ip: string, sent: { chain: string | null; proto: string | null; host: string | null }): string {
  const proto = validProtocol(sent.proto?.split(",", 1)[0].trim()),
    host = validHost(sent.host?.split(",", 1)[0].trim());
  const origin = (host === null ? "" : hostPair(host)) + (proto === null ? "" : ";proto=" + proto);
  if (sent.chain === null) return origin === "" ? "" : "for=unknown" + origin + ", ";
  const addresses = sent.chain.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "").map(nodeAddress);
  const client = addresses.lastIndexOf(ip);
  return addresses.map((address, i) => `for=${nodeText(address)}${i === client ? origin : ""}, `).join("");
}

/** A colon is no token character: a host with a port, or an IPv6 address, is quoted. */
function hostPair(host: string): string {
  return host === "" ? "" : host.includes(":") ? `;host="${host}"` : ";host=" + host;
}

function validProtocol(text: string | null | undefined): string | null {
  return text !== null && text !== undefined && PROTOCOL.test(text) ? text : null;
}

function validHost(text: string | null | undefined): string | null {
  return text !== null && text !== undefined && parseAuthority(text) !== null ? text : null;
}

/** The peer, which is normalised already; `null` for one without an IP address, at the end of a Unix socket. */
function peerAddress(peer: string): string | null {
  return parseIPv4(peer) >= 0 || IPV6.test(peer) ? peer : null;
}
