/** The signatures that tokens are checked by, and the keys that go with them. @module */

/**
 * An algorithm of RFC 7518 §3.1 or RFC 8037 §3.1, as `alg` names it; `Ed25519` is what RFC 9864 calls `EdDSA` with that
 * curve. `none` is not one.
 */
export type JwtAlgorithm =
  | "HS256"
  | "HS384"
  | "HS512"
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

/** What a key of an algorithm is. */
export interface AlgorithmKey {
  readonly kty: "oct" | "RSA" | "EC" | "OKP";
  /** `null` where the type has no curves. */
  readonly crv: string | null;
  /** Least bytes of a secret: as many as its hash has (RFC 7518 §3.2); 0 for public keys. */
  readonly least: number;
}

const secret = (least: number): AlgorithmKey => ({ kty: "oct", crv: null, least });
const rsa: AlgorithmKey = { kty: "RSA", crv: null, least: 0 };
const curve = (kty: "EC" | "OKP", crv: string): AlgorithmKey => ({ kty, crv, least: 0 });

/** Every algorithm with its key. One algorithm has one sort of key: a token cannot have a key used for another purpose. */
export const ALGORITHM_KEYS: Readonly<Record<JwtAlgorithm, AlgorithmKey>> = {
  HS256: secret(32),
  HS384: secret(48),
  HS512: secret(64),
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: curve("EC", "P-256"),
  ES384: curve("EC", "P-384"),
  ES512: curve("EC", "P-521"),
  EdDSA: curve("OKP", "Ed25519"),
  Ed25519: curve("OKP", "Ed25519"),
};

/** Names of all of them. */
export const ALGORITHMS = Object.keys(ALGORITHM_KEYS) as readonly JwtAlgorithm[];

/** What public keys are used for where the config does not say. */
export const PUBLIC_DEFAULTS: readonly JwtAlgorithm[] = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"];

/** What secrets are used for where the config does not say. */
export const SECRET_DEFAULTS: readonly JwtAlgorithm[] = ["HS256"];

/** Whether who checks a signature of this algorithm could make one too. */
export function isSecretAlgorithm(algorithm: JwtAlgorithm): boolean {
  return ALGORITHM_KEYS[algorithm].kty === "oct";
}
