/** Whether upstreams in HTTP/2 ask for what the runtime's client, which speaks it, can do. @module */

import { h2Limits } from "../../upstreams/h2_limits.ts";
import type { Draft, DraftUpstream } from "../draft.ts";
import { endpointPath } from "../endpoint_path.ts";
import type { Finding } from "../finding.ts";
import { settingsOf } from "../read_part.ts";
import type { UnnamedUpstream } from "../schema/upstream.ts";
import { seenText } from "../seen.ts";

/** What an upstream with `protocol: "h2"` cannot have, and what it has in part only. */
export function checkH2Upstreams({ upstreams }: Draft): Finding[] {
  return upstreams.flatMap((upstream) => {
    const { parsed } = upstream;
    return parsed === undefined || parsed.protocol === "h1"
      ? []
      : [...unknownSettings(upstream, parsed), ...addedAuthority(upstream, parsed)];
  });
}

function unknownSettings(upstream: DraftUpstream, parsed: UnnamedUpstream): Finding[] {
  return h2Limits(parsed).map(({ at: [part, ...rest], message, seen, remedy }) => {
    const [place] = rest;
    const at = part === "endpoints" && typeof place === "number"
      ? endpointPath(upstream, place)
      : [...upstream.at, part, ...rest];
    return { at, message, seen, remedy };
  });
}

function addedAuthority({ at, written }: DraftUpstream, { tls }: UnnamedUpstream): Finding[] {
  if (tls === null || tls.ca === null) return [];
  return [{
    at: [...at, "tls", "ca"],
    severity: "warning",
    message: "over HTTP/2 this authority is believed beside the public ones, not in their place",
    seen: seenText(settingsOf(settingsOf(written).tls).ca),
    remedy: 'protocol: "h1" where only this authority may vouch for the upstream',
  }];
}
