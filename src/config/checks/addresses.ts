/** Whether everything that listens has a port of its own, and the admin interface a guard. @module */

import { parseIPv4 } from "../../core/ip_address.ts";
import type { Draft } from "../draft.ts";
import { endpointPath } from "../endpoint_path.ts";
import type { Finding, Path } from "../finding.ts";
import { settingsOf } from "../read_part.ts";

interface Bound {
  /** In sentences: "the listener on 0.0.0.0:8080". */
  readonly what: string;
  readonly hostname: string;
  readonly port: number;
  readonly at: Path;
  /** Two demo endpoints that say the same are one. */
  readonly demo?: string;
}

/** Ports that two of listeners, admin interface and demo endpoints want; an admin interface open to others. */
export function checkAddresses(draft: Draft, written: unknown): Finding[] {
  const config = settingsOf(written), bound = [...listeners(draft), ...adminOf(draft), ...demos(draft)];
  return [
    ...bound.flatMap((later, i) => {
      const earlier = bound.slice(0, i).find((other) => clash(other, later));
      return earlier === undefined ? [] : [sharedPort(earlier, later, config)];
    }),
    ...unguardedAdmin(draft),
  ];
}

function listeners({ listen }: Draft): Bound[] {
  return listen.flatMap(({ at, parsed }) => {
    const { hostname = "0.0.0.0", port } = parsed ?? {};
    return port === undefined
      ? []
      : [{ what: `the listener on ${hostname}:${port}`, hostname, port, at: [...at, "port"] }];
  });
}

function adminOf({ admin }: Draft): Bound[] {
  return admin === null || admin === undefined
    ? []
    : [{ what: `the admin interface on ${admin.hostname}:${admin.port}`, ...admin, at: ["admin", "port"] }];
}

function demos({ upstreams }: Draft): Bound[] {
  return upstreams.flatMap((upstream) =>
    (upstream.parsed?.endpoints ?? []).flatMap(({ demo, address }, i) =>
      demo === null || address.kind === "unix" ? [] : [{
        what: `the demo endpoint "${demo.kind}" on ${address.hostname}:${address.port}`,
        hostname: address.hostname,
        port: address.port,
        at: [...endpointPath(upstream, i), "port"],
        demo: JSON.stringify(demo),
      }]
    )
  );
}

function clash(a: Bound, b: Bound): boolean {
  return a.port === b.port && a.port !== 0 && overlap(a.hostname, b.hostname) &&
    (a.demo === undefined || a.demo !== b.demo);
}

/** Whether one address is the other, or every address. */
function overlap(a: string, b: string): boolean {
  const [one, other] = [a, b].map((host) => host.toLowerCase() === "localhost" ? "127.0.0.1" : host.toLowerCase());
  return one === other || [one, other].some((host) => host === "0.0.0.0" || host === "::");
}

/** The complaint stands at what was written; the admin interface's port may be the default. */
function sharedPort(earlier: Bound, later: Bound, config: Readonly<Record<string, unknown>>): Finding {
  const isDefault = later.at[0] === "admin" && settingsOf(config.admin).port === undefined;
  const [at, other] = isDefault ? [earlier.at, later] : [later.at, earlier];
  return { at, message: `${other.what} has this port already`, seen: String(later.port), remedy: "another port" };
}

function unguardedAdmin({ admin }: Draft): Finding[] {
  if (admin === null || admin === undefined || admin.token !== null || isLoopback(admin.hostname)) return [];
  return [{
    at: ["admin", "hostname"],
    message: "the admin interface is open to other machines and has no token",
    seen: JSON.stringify(admin.hostname),
    remedy: 'hostname: "127.0.0.1", or a token: secret.env("ADMIN_TOKEN"), in YAML { env: ADMIN_TOKEN }',
  }];
}

function isLoopback(hostname: string): boolean {
  return hostname.toLowerCase() === "localhost" || hostname === "::1" || parseIPv4(hostname) >>> 24 === 127;
}
