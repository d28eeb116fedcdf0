/** Names and addresses of machines as settings. @module */

import type { z } from "zod";
import { parseIPv4, parseIPv6 } from "../../core/ip_address.ts";
import { Refusal } from "../../settings/scalar.ts";
import { text } from "../../settings/text.ts";

const LABELS =
  /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/;

/** Whether a text is a host name or an IP address without brackets. */
export function isHost(host: string): boolean {
  return parseIPv4(host) >= 0 || parseIPv6(host) !== null || LABELS.test(host) && !/^[\d.]+$/.test(host);
}

/** Whether a text is an IP address, with or without brackets. */
export function isAddress(host: string): boolean {
  return parseIPv4(host) >= 0 || parseIPv6(host.replace(/^\[(.*)\]$/, "$1")) !== null;
}

/** What a listener binds to: an address or a name, without scheme, port or brackets. */
export function listenHost(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'an address or a name to listen on, such as "127.0.0.1"',
    read(host) {
      if (isHost(host)) return host;
      const bare = /^\[(.+)\]$/.exec(host)?.[1] ?? /^(?:[a-z]+:\/\/)?([^/:]+)(?::\d+)?\/?$/i.exec(host)?.[1];
      return new Refusal(
        "this is no address or name to listen on",
        bare !== undefined && isHost(bare) ? `"${bare}"` : host === "*" ? '"0.0.0.0"' : undefined,
      );
    },
  });
}

/** A name that a TLS certificate can have. */
export function serverName(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'a host name such as "api.internal"',
    read: (name) =>
      isHost(name)
        ? name
        : new Refusal("this is no host name", 'a name without scheme or port, such as "api.internal"'),
  });
}

/** A host as a Host field has it, with an optional port. */
export function hostText(): z.ZodType<string, unknown> {
  return text<string>({
    expected: 'a host such as "api.internal:8443"',
    read: (host) => isHostWithPort(host) ? host : new Refusal("this is no host", 'a host such as "api.internal:8443"'),
  });
}

/** What an upstream is sent as its Host: the client's, the endpoint's, or a text with an optional port. */
export function hostSetting(): z.ZodType<"client" | "endpoint" | { readonly value: string }, unknown> {
  return text<"client" | "endpoint" | { readonly value: string }>({
    expected: '"client", "endpoint" or a host such as "api.internal:8443"',
    read(host) {
      if (host === "client" || host === "endpoint") return host;
      if (isHostWithPort(host)) return { value: host };
      return new Refusal("this is no host", '"client", "endpoint" or a host such as "api.internal:8443"');
    },
  });
}

function isHostWithPort(host: string): boolean {
  const parts = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(host);
  const name = parts?.[1].replace(/^\[(.*)\]$/, "$1");
  return name !== undefined && isHost(name) && Number(parts?.[2] ?? 1) <= 65535;
}
