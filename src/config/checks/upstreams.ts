/** Whether the settings of each upstream go together. @module */

import type { Draft, DraftUpstream } from "../draft.ts";
import { endpointPath } from "../endpoint_path.ts";
import type { Finding } from "../finding.ts";
import { settingsOf } from "../read_part.ts";
import type { UnnamedUpstream } from "../schema/upstream.ts";
import { editDistance } from "../suggest.ts";

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

function tlsSettings({ at, written }: DraftUpstream, { endpoints, tls }: UnnamedUpstream): Finding[] {
  if (tls === null) return [];
  const findings: Finding[] = [], place = [...at, "tls"];
  if (endpoints.every(({ scheme }) => scheme === "http")) {
    const { demo, address, url } = endpoints[0];
    const remedy = demo === null && address.kind === "tcp" ? `"${url.replace("http:", "https:")}"` : "no tls";
    findings.push({ at: place, on: "key", message: "tls is for https endpoints, and these are http", remedy });
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
