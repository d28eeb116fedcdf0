/** Whether the settings of each upstream go together. @module */

import type { Draft, DraftUpstream } from "../draft.ts";
import { endpointPath } from "../endpoint_path.ts";
import type { Finding } from "../finding.ts";
import { settingsOf } from "../read_part.ts";
import type { UnnamedUpstream } from "../schema/upstream.ts";
import { seenText } from "../seen.ts";
import { editDistance } from "../../settings/nearest.ts";

/** What is wrong inside single upstreams. */
export function checkUpstreams({ upstreams }: Draft): Finding[] {
  return upstreams.flatMap((upstream) => {
    const { parsed } = upstream;
    return parsed === undefined ? [] : [
      ...sameEndpoints(upstream, parsed),
      ...mixedSchemes(upstream, parsed),
      ...tlsSettings(upstream, parsed),
      ...h2OverUnix(upstream, parsed),
      ...suspiciousHost(upstream, parsed),
      ...servicesOverTls(upstream, parsed),
    ];
  });
}

function sameEndpoints(upstream: DraftUpstream, { endpoints }: UnnamedUpstream): Finding[] {
  return endpoints.flatMap(({ url }, i) => {
    const first = endpoints.findIndex((other) => other.url === url);
    if (first === i) return [];
    const message = `endpoints[${first}] of this upstream has the same address`;
    return [{ at: endpointPath(upstream, i), message, seen: url, remedy: "one endpoint, with a weight" }];
  });
}

function mixedSchemes(upstream: DraftUpstream, { endpoints }: UnnamedUpstream): Finding[] {
  const odd = endpoints.findIndex(({ scheme }) => scheme !== endpoints[0].scheme);
  if (odd < 0) return [];
  const message = `the endpoints of one upstream are all http or all https, and endpoints[0] is ${endpoints[0].scheme}`;
  return [{ at: endpointPath(upstream, odd), message, seen: endpoints[odd].url, remedy: "two upstreams" }];
}

function tlsSettings({ at, written }: DraftUpstream, parsed: UnnamedUpstream): Finding[] {
  const { tls } = parsed, findings: Finding[] = [], place = [...at, "tls"];
  if (tls === null) return [];
  if (isCleartext(parsed)) {
    const message = "tls is for https endpoints, and these are http";
    findings.push({ at: place, on: "key", message, remedy: securedText(parsed) });
  }
  for (const [one, other] of [["cert", "key"], ["key", "cert"]] as const) {
    if (tls[one] === null || tls[other] !== null) continue;
    findings.push({
      at: [...place, one],
      on: "key",
      message: `${one} needs ${other} beside it`,
      remedy: `${other}, or neither`,
    });
  }
  if (tls.insecureSkipVerify) {
    findings.push({
      at: [...place, "insecureSkipVerify"],
      severity: "warning",
      message: "any certificate is believed, so whoever stands between can read and change everything",
      seen: String(settingsOf(settingsOf(written).tls).insecureSkipVerify),
      remedy: "ca: the certificate of the authority that signed the upstream's",
    });
  }
  return findings;
}

function isCleartext({ endpoints, dns }: UnnamedUpstream): boolean {
  return dns === null ? endpoints.every(({ scheme }) => scheme === "http") : dns.scheme === "http";
}

/** What could be written for TLS to make sense. */
function securedText({ endpoints, dns }: UnnamedUpstream): string {
  if (dns !== null) return 'dns: "https://…"';
  const { demo, address, url } = endpoints[0];
  return demo === null && address.kind === "tcp" ? `"${url.replace("http:", "https:")}"` : "no tls";
}

/** The runtime's client, which is what speaks HTTP/2, connects to ports only. */
function h2OverUnix({ at }: DraftUpstream, { endpoints, protocol }: UnnamedUpstream): Finding[] {
  const socket = endpoints.findIndex(({ address }) => address.kind === "unix");
  if (protocol === "h1" || socket < 0) return [];
  return [{
    at: [...at, "protocol"],
    message: `endpoints[${socket}] is a Unix socket, over which only HTTP/1.1 is spoken`,
    seen: JSON.stringify(protocol),
    remedy: 'protocol: "h1", or endpoints with a port',
  }];
}

/** A misspelt word passes for a host name. */
function suspiciousHost({ at }: DraftUpstream, { host }: UnnamedUpstream): Finding[] {
  if (typeof host === "string") return [];
  const word = (["client", "endpoint"] as const).find((word) => editDistance(word, host.value.toLowerCase()) <= 2);
  return word === undefined ? [] : [{
    at: [...at, "host"],
    severity: "warning",
    message: `every request gets the Host ${JSON.stringify(host.value)}, did you mean "${word}"?`,
    seen: JSON.stringify(host.value),
    remedy: `"${word}"`,
  }];
}

/** What SRV records are asked for by is the name of a service, which stands in no certificate. */
function servicesOverTls({ at }: DraftUpstream, { dns, tls }: UnnamedUpstream): Finding[] {
  if (dns === null || dns.record !== "srv" || dns.scheme !== "https" || (tls?.serverName ?? null) !== null) return [];
  return [{
    at: [...at, "endpoints"],
    message: `no certificate is for "${dns.hostname}", which is the name of a service`,
    seen: seenText(dns.hostname),
    remedy: "tls: { serverName: the name in the certificate }",
  }];
}
