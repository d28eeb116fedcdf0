/** Values that are named in a config but never written in it. @module */

const brand: unique symbol = Symbol("gatewright.secret");

/** A reference to a secret. It prints as `{ env }` or `{ file }`, never as its value. */
export type Secret =
  & (
    | { readonly env: string; readonly file?: undefined }
    | { readonly file: string; readonly env?: undefined }
  )
  & { readonly [brand]: true };

/**
 * Names a secret. The value is read when the gateway starts and again at each reload; a missing one is an error of
 * `check`, or a warning under `--without-secrets`.
 *
 * @example
 * ```ts
 * import { secret } from "gatewright";
 *
 * const token = secret.env("ADMIN_TOKEN");
 * const key = secret.file("./tls/key.pem");
 * console.log(JSON.stringify([token, key])); // [{"env":"ADMIN_TOKEN"},{"file":"./tls/key.pem"}]
 * ```
 */
export const secret = {
  /** The value of an environment variable. */
  env: (name: string): Secret => branded({ env: name }),
  /** The content of a file, without a final line break. Relative paths start at the config's folder. */
  file: (path: string): Secret => branded({ file: path }),
} as const;

/** Whether a value is a secret made by {@link secret}. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && brand in value;
}

/** A secret's value, or why it cannot be had, in words without the value. */
export type SecretValue = { readonly value: string } | { readonly error: string };

/** Reads secrets' values: from the environment and files in production, from a table in tests. */
export type SecretReader = (secret: Secret) => SecretValue;

function branded(reference: { env: string } | { file: string }): Secret {
  return Object.freeze(Object.defineProperty(reference, brand, { value: true, enumerable: false })) as Secret;
}
