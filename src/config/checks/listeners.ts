/** Whether the settings of each listener go together, and listeners with each other. @module */

import { formatSize } from "../../core/units.ts";
import type { Draft, DraftListener } from "../draft.ts";
import type { Finding, Path } from "../finding.ts";
import { readPart, settingsOf } from "../read_part.ts";
import { listenerSchema } from "../schema/listener.ts";
import { seenText } from "../seen.ts";

type Written = DraftListener["written"];

/**
 * Listeners without one address, redirects to nowhere, certificates that share a host, limits that exclude others, and
 * limits that count everybody as one.
 */
export function checkListeners({ listen }: Draft): Finding[] {
  return [
    ...listen.flatMap((listener) => [
      ...addressOf(listener),
      ...redirectOf(listener, listen),
      ...sameHosts(listener),
      ...longTarget(listener),
      ...onePeer(listener),
    ]),
    ...samePaths(listen),
  ];
}

function addressOf({ at, written, parsed }: DraftListener): Finding[] {
  const { port, path, hostname } = written;
  if (path !== undefined) {
    const others = Object.entries({ port, hostname }).filter(([, value]) => value !== undefined);
    return others.map(([key]) => ({
      at: [...at, key],
      on: "key",
      message: key === "port" ? "a listener has a port or a path, not both" : "a Unix socket has no hostname",
      remedy: `path, or ${key} without path`,
    }));
  }
  const isListener = parsed !== undefined || Object.keys(written).length > 0;
  if (port !== undefined || !isListener) return [];
  return [{ at, message: "this listener has no port", remedy: 'port: 8080, or path: "/run/gateway.sock"' }];
}

function redirectOf({ at, written }: DraftListener, listen: readonly DraftListener[]): Finding[] {
  const redirect = readPart(listenerSchema.shape.redirect, written.redirect), place = [...at, "redirect"];
  if (redirect === undefined) return [];
  if (written.tls !== undefined) {
    const message = "a listener with tls is what a redirect leads to";
    return [{ at: place, on: "key", message, remedy: "redirect on a listener of its own, or no tls" }];
  }
  if (redirect !== true) return toItself(at, written, redirect.port, listen);
  const secure = listen.filter(({ written }) => written.tls !== undefined), seen = "true";
  if (secure.length === 0) {
    const message = "no listener has tls, so there is no port to lead to", remedy = "{ port: 443 }, or tls elsewhere";
    return [{ at: place, message, seen, remedy }];
  }
  const ports = secure.map(({ parsed }) => parsed?.port).filter((port) => port !== undefined);
  if (secure.length > 1) {
    const remedy = ports.length === 0 ? "{ port: 443 }" : ports.map((port) => `{ port: ${port} }`).join(" or ");
    return [{ at: place, message: `${secure.length} listeners have tls, so the port is not known`, seen, remedy }];
  }
  if (secure[0].written.path === undefined) return [];
  const message = "the listener with tls has no port, but a path";
  return [{ at: place, message, seen, remedy: "{ port: 443 }" }];
}

/** Where another listener has the port on another address, names may tell the two apart. */
function toItself(at: Path, written: Written, port: number, listen: readonly DraftListener[]): Finding[] {
  const portOf = (one: Written) => readPart(listenerSchema.shape.port, one.port);
  if (portOf(written) !== port || listen.filter(({ written }) => portOf(written) === port).length > 1) return [];
  const secure = listen.filter(({ written }) => written.tls !== undefined).map(({ written }) => portOf(written));
  const ports = secure.filter((one) => one !== undefined && one !== 0);
  return [{
    at: [...at, "redirect", "port"],
    message: "the redirect leads to this listener itself",
    seen: String(port),
    remedy: ports.length === 0 ? "the port that https clients connect to" : ports.join(" or "),
  }];
}

function sameHosts({ at, written }: DraftListener): Finding[] {
  const first = new Map<string, string>(), tls = readPart(listenerSchema.shape.tls, written.tls);
  return (tls?.certificates ?? []).flatMap(({ hosts }, i) =>
    hosts.flatMap((host, j): Finding[] => {
      const earlier = first.get(host), place = `certificates[${i}]`;
      if (earlier === undefined) {
        first.set(host, place);
        return [];
      }
      const message = `${earlier === place ? "this certificate" : earlier} has this host already`;
      const path = [...at, "tls", "certificates", i, "hosts", j];
      return [{ at: path, message, seen: JSON.stringify(host), remedy: "each host once" }];
    })
  );
}

/** With `Deno.serve` the head has a limit of its own, which is not ours to set. */
function longTarget({ at, written }: DraftListener): Finding[] {
  const limits = readPart(listenerSchema.shape.limits, written.limits);
  if (limits?.target === undefined || limits.target <= limits.headerBytes || written.engine === "serve") return [];
  const limit = formatSize(limits.headerBytes);
  return [{
    at: [...at, "limits", "target"],
    message: `the target is part of the head, and headerBytes is ${limit}`,
    seen: seenText(settingsOf(written.limits).target),
    remedy: `"${limit}" or less, or more headerBytes`,
  }];
}

/** Nobody there has an address but whom the PROXY protocol names. */
function onePeer({ at, written }: DraftListener): Finding[] {
  const limits = readPart(listenerSchema.shape.limits, written.limits);
  const proxied = readPart(listenerSchema.shape.proxyProtocol, written.proxyProtocol) ?? true;
  if (written.path === undefined || limits?.perClient === undefined || proxied || written.engine === "serve") return [];
  return [{
    at: [...at, "limits", "perClient"],
    message: "all clients of a Unix socket are one peer",
    seen: seenText(settingsOf(written.limits).perClient),
    remedy: "proxyProtocol: true, or no perClient",
  }];
}

function samePaths(listen: readonly DraftListener[]): Finding[] {
  const paths = listen.map(({ written }) => readPart(listenerSchema.shape.path, written.path));
  return listen.flatMap(({ at }, i): Finding[] => {
    const path = paths[i], earlier = paths.indexOf(path);
    if (path === undefined || earlier === i) return [];
    const message = `listen[${earlier}] has this path already`;
    return [{ at: [...at, "path"], message, seen: JSON.stringify(path), remedy: "another path" }];
  });
}
