/** What does not go together in the options of `jwt`. @module */

import { formatDuration } from "../../../core/units.ts";
import type { Misfit } from "../../../settings/shapes.ts";
import { urlAddress } from "../../service/service_address.ts";
import { alone, twice } from "../option_misfits.ts";
import { isSecretAlgorithm, type JwtAlgorithm } from "./algorithms.ts";
import type { FetchTerms } from "./provider_keys.ts";

/** Where keys come from: one of them. */
const SOURCES = ["jwks", "discovery", "publicKey", "keys", "secret"] as const;

/** The options that bear on each other, each right by itself. */
export interface ParsedJwt extends Readonly<Partial<Record<typeof SOURCES[number], unknown>>> {
  readonly issuer?: readonly string[];
  readonly audience: readonly string[];
  readonly algorithms?: readonly JwtAlgorithm[];
  readonly encoding?: string;
  readonly provider?: FetchTerms;
  readonly in: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}

/** All that does not go together. */
export function jwtMisfits(options: ParsedJwt): Misfit[] {
  return [
    ...sources(options),
    ...algorithms(options),
    ...issuers(options),
    ...fetches(options),
    ...twice("in", "place", options.in),
    ...twice("algorithms", "algorithm", options.algorithms ?? []),
    ...headersTwice(Object.keys(options.claims)),
    ...options.encoding === undefined || options.secret !== undefined
      ? []
      : [alone("encoding", "there is no secret that it could be about", "secret")],
    ...options.audience.length > 1 && options.audience.includes("any")
      ? [{ path: ["audience"], message: '"any" takes every audience: the others say nothing', remedy: '"any" alone' }]
      : [],
  ];
}

function sources(options: ParsedJwt): Misfit[] {
  const given = SOURCES.filter((source) => options[source] !== undefined), [first] = given;
  if (first === undefined) {
    const message = "this is missing: nothing says where the keys come from";
    return [{ path: ["jwks"], message, remedy: '"https://…", or discovery, publicKey, keys or secret in its place' }];
  }
  return given.slice(1).map((source) => alone(source, `${first} says already where the keys come from`, `one of them`));
}

/** A key that can sign must never be one that anybody knows: each source has its own algorithms. */
function algorithms({ algorithms = [], secret }: ParsedJwt): Misfit[] {
  return algorithms.flatMap((algorithm, i): Misfit[] => {
    if (isSecretAlgorithm(algorithm) === (secret !== undefined)) return [];
    const message = secret === undefined
      ? `${algorithm} signs with a secret, and these are public keys`
      : `${algorithm} signs with a private key, and this is a secret`;
    return [{
      path: algorithms.length === 1 ? ["algorithms"] : ["algorithms", i],
      message,
      remedy: secret === undefined ? '"ES256", "RS256", "PS256" or "EdDSA"' : '"HS256"',
    }];
  });
}

function issuers({ issuer = [], discovery }: ParsedJwt): Misfit[] {
  if (discovery === undefined) return [];
  const [first] = issuer;
  if (issuer.length !== 1) {
    return [{
      path: ["issuer"],
      message: "discovery is of one issuer, and must know which",
      remedy: '"https://id.example"',
    }];
  }
  // OIDC Discovery 1.0 §3: neither query nor fragment.
  if (discovery !== true || urlAddress(first) !== undefined && !/[?#]/.test(first)) return [];
  return [{
    path: ["issuer"],
    message: "this is no URL under which a document could be found",
    remedy: '"https://id.example"',
  }];
}

function fetches({ provider, jwks, discovery }: ParsedJwt): Misfit[] {
  if (provider === undefined) return [];
  if (jwks === undefined && discovery === undefined) {
    return [alone("provider", "no keys are fetched here", "jwks or discovery")];
  }
  if (provider.maxStale > provider.refresh) return [];
  const message = `keys would be too old before others are fetched, each ${formatDuration(provider.refresh)}`;
  return [{ path: ["provider", "maxStale"], message, remedy: "a longer maxStale, or a shorter refresh" }];
}

function headersTwice(names: readonly string[]): Misfit[] {
  const lower = names.map((name) => name.toLowerCase());
  return names.filter((_, i) => lower.indexOf(lower[i]) < i)
    .map((name) => ({
      path: ["claims", name],
      message: "this header is here twice",
      remedy: "each once",
      onKey: true,
    }));
}
