/** What is wrong with a certificate and its key, before anybody shakes hands with them. @module */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Finding, Path } from "../finding.ts";
import type { CertificatePair } from "./tls_material.ts";

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const FITTING_KEYS = "an RSA key of 2048 bits or more, or one on P-256, P-384, P-521 or Ed25519";
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];

/**
 * The faults of a pair, errors first. `node:tls` takes any text and lets each handshake fail; so nothing that has an
 * error here may reach it (Deno 2.9.6).
 *
 * @param at where the pair is
 * @param now milliseconds since 1970
 */
export function pairFaults({ cert, key }: CertificatePair, at: Path, now: number): Finding[] {
  const chain = readChain(cert, [...at, "cert"]), secret = readKey(key, [...at, "key"]);
  if ("fault" in chain || "fault" in secret) return [chain, secret].flatMap((one) => "fault" in one ? [one.fault] : []);
  const [leaf] = chain.certificates;
  if (!leaf.checkPrivateKey(secret.key)) {
    return [{
      at: [...at, "key"],
      message: "this key is not the certificate's",
      seen: `a key of another pair; the certificate is for ${nameOf(leaf)}`,
      remedy: "the key with which the certificate was requested",
    }];
  }
  return dateFaults(leaf, [...at, "cert"], now);
}

/** The faults of the authorities that sign clients' certificates. @param at where they are */
export function authorityFaults(ca: string, at: Path, now: number): Finding[] {
  const chain = readChain(ca, at);
  if ("fault" in chain) return [chain.fault];
  return chain.certificates.flatMap((one) => dateFaults(one, at, now));
}

/** What a certificate is for, in a few words: its DNS names, else its subject. */
export function certificateName(cert: string): string {
  return nameOf(new X509Certificate(cert));
}

/** When the first certificate of a chain expires, in milliseconds since 1970. @param cert one without faults */
export function chainEnd(cert: string): number {
  return Math.min(...[...cert.matchAll(BLOCK)].map(([block]) => Date.parse(new X509Certificate(block).validTo)));
}

function readChain(pem: string, at: Path): { certificates: X509Certificate[] } | { fault: Finding } {
  const wrong = (message: string, seen: string, remedy: string): { fault: Finding } => ({
    fault: { at, message, seen, remedy },
  });
  const blocks = [...pem.matchAll(BLOCK)].map(([block]) => block),
    begun = pem.split(/-----BEGIN CERTIFICATE-----/);
  if (begun.length === 1) {
    const seen = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1] ?? (pem.trim() === "" ? "nothing" : "text without PEM");
    return wrong("there is no certificate in PEM form", seen, "-----BEGIN CERTIFICATE----- …");
  }
  if (blocks.length < begun.length - 1) {
    const seen = `${begun.length - 1} begun, ${blocks.length} ended`;
    return wrong(
      "a certificate is cut off",
      seen,
      "each from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
    );
  }
  const certificates: X509Certificate[] = [];
  for (const block of blocks) {
    try {
      certificates.push(new X509Certificate(block));
    } catch {
      const which = blocks.length === 1
        ? "the certificate"
        : `certificate ${certificates.length + 1} of ${blocks.length}`;
      return wrong(`${which} cannot be read`, "PEM whose content is no certificate", "the file as it was issued");
    }
  }
  return { certificates };
}

/** No part of a key is ever shown. */
function readKey(pem: string, at: Path): { key: KeyObject } | { fault: Finding } {
  const wrong = (message: string, seen: string, remedy: string): { fault: Finding } => ({
    fault: { at, message, seen, remedy },
  });
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1];
  if (label === undefined || !/PRIVATE KEY/.test(pem)) {
    return wrong("there is no private key in PEM form", label ?? "text without PEM", "-----BEGIN PRIVATE KEY----- …");
  }
  if (/ENCRYPTED/.test(pem)) {
    return wrong(
      "the private key is encrypted",
      "a key with a passphrase",
      "the key without one: openssl pkey -in … -out …",
    );
  }
  let key;
  try {
    key = createPrivateKey(pem);
  } catch {
    return wrong("the private key cannot be read", "PEM whose content is no key", FITTING_KEYS);
  }
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}, type = key.asymmetricKeyType;
  const fits = type === "ed25519" ||
    (type === "ec" ? CURVES.includes(namedCurve ?? "") : type === "rsa" && modulusLength >= 2048);
  if (fits) return { key };
  const seen = type === "rsa"
    ? `RSA of ${modulusLength} bits`
    : `${type}${namedCurve === undefined ? "" : ` on ${namedCurve}`}`;
  return wrong("the runtime does not take this kind of private key", seen, FITTING_KEYS);
}

/** A warning: an expired certificate is still one that some clients take, and better than none at all. */
function dateFaults(certificate: X509Certificate, at: Path, now: number): Finding[] {
  const fault = (message: string, date: string): Finding[] => [
    {
      at,
      severity: "warning",
      message,
      seen: `${nameOf(certificate)}, ${date}`,
      remedy: "a certificate that is valid now",
    },
  ];
  if (Date.parse(certificate.validTo) <= now) {
    return fault("the certificate has expired", `valid to ${certificate.validTo}`);
  }
  if (Date.parse(certificate.validFrom) > now) {
    return fault("the certificate is not valid yet", `valid from ${certificate.validFrom}`);
  }
  return [];
}

function nameOf({ subjectAltName, subject }: X509Certificate): string {
  const names = (subjectAltName ?? "").split(", ").filter((name) => name.startsWith("DNS:")).map((name) =>
    name.slice(4)
  );
  return names.length > 0 ? names.join(", ") : (subject ?? "").replaceAll("\n", ", ");
}
