/** TLS towards clients. @module */

import type { z } from "zod";
import { hostError } from "../../routing/host_pattern.ts";
import { flag } from "../../settings/flag.ts";
import { isAddress } from "./host_text.ts";
import { Refusal } from "../../settings/scalar.ts";
import { fileOrSecret } from "./secret_value.ts";
import { listOf, settings } from "../../settings/shapes.ts";
import { text } from "../../settings/text.ts";

const CERT = "PEM of the certificate, intermediate ones after it: a file's path, or a secret.";
const KEY = "PEM of its private key: a file's path, or a secret.";

/** A name that a client can ask for; in lower case. */
const sniHost: z.ZodType<string, unknown> = text<string>({
  expected: 'a host such as "api.example.com" or "*.example.com"',
  read(host) {
    // RFC 6066 §3: a server name is no address.
    if (isAddress(host)) return new Refusal("clients ask for no certificate of an address", "a name, or cert itself");
    const error = hostError(host);
    if (host === "*" || host === "") return new Refusal(error!.message, "cert and key of tls itself, for every host");
    return error === null ? host.toLowerCase() : new Refusal(error.message, error.remedy);
  },
});

const certificate = settings('a certificate such as { hosts: ["b.example"], cert: "b.pem", key: "b.key" }', {
  hosts: listOf("a list of hosts", sniHost, "at least one host is needed")
    .describe('Hosts that it is shown for: exact, or "*.example.com".'),
  cert: fileOrSecret("certificate").describe(CERT),
  key: fileOrSecret("private key").describe(KEY),
});

/** What a listener with TLS has. */
export const listenerTlsSchema = settings('TLS such as { cert: "cert.pem", key: "key.pem" }', {
  cert: fileOrSecret("certificate").describe(CERT),
  key: fileOrSecret("private key").describe(KEY),
  certificates: listOf("a list of certificates", certificate).prefault([])
    .describe("Other certificates, by host. Whoever asks for none of their hosts gets cert."),
  clientCertificates: settings('settings such as { ca: "clients.pem" }', {
    ca: fileOrSecret("certificate").describe("PEM of the authorities that sign clients' certificates."),
    required: flag().prefault(true).describe("Whether a client without a certificate is refused."),
  }).optional().describe("Certificates asked of clients. Default: none."),
  http2: flag().prefault(true).describe("HTTP/2 for clients that ask for it (ALPN)."),
});
