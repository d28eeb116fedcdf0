/** Whether each listener's engine can honour what is asked of it: nothing that is written is ignored. @module */

import type { Draft, DraftListener } from "../draft.ts";
import type { Finding } from "../finding.ts";
import { settingsOf } from "../read_part.ts";
import { seenText } from "../seen.ts";

/** Settings that mean nothing to `Deno.serve`, by the settings that they stand in. */
const UNKNOWN_TO_SERVE = {
  timeouts: ["header", "idle", "body", "write"],
  limits: ["headerBytes", "headerCount", "connections", "perClient", "minRate"],
  tls: ["certificates", "clientCertificates"],
} as const;

/** What engine `"serve"` was given and cannot honour. */
export function checkEngines({ listen }: Draft): Finding[] {
  return listen.filter(({ written }) => written.engine === "serve").flatMap((listener) => [
    ...unknownSettings(listener),
    ...fixedSettings(listener),
  ]);
}

function unknownSettings({ at, written }: DraftListener): Finding[] {
  return Object.entries(UNKNOWN_TO_SERVE).flatMap(([part, keys]) => {
    const settings = settingsOf(written[part]);
    return keys.filter((key) => settings[key] !== undefined).map((key): Finding => ({
      at: [...at, part, key],
      on: "key",
      message: `the engine "serve" has no ${part}.${key}`,
      remedy: `engine: "h1", or no ${key}`,
    }));
  });
}

function fixedSettings({ at, written }: DraftListener): Finding[] {
  const { tls, path, proxyProtocol } = written, { http2 } = settingsOf(tls), findings: Finding[] = [];
  if (proxyProtocol === true) {
    findings.push({
      at: [...at, "proxyProtocol"],
      message: 'the engine "serve" takes no PROXY protocol',
      seen: seenText(proxyProtocol),
      remedy: 'engine: "h1", or no proxyProtocol',
    });
  }
  if (http2 === false) {
    findings.push({
      at: [...at, "tls", "http2"],
      message: 'the engine "serve" always offers HTTP/2 over TLS',
      seen: seenText(http2),
      remedy: 'engine: "h1", or no http2',
    });
  }
  if (tls !== undefined && path !== undefined) {
    const message = 'the engine "serve" has no TLS over a Unix socket';
    findings.push({ at: [...at, "tls"], on: "key", message, remedy: 'engine: "h1", a port, or no tls' });
  }
  return findings;
}
