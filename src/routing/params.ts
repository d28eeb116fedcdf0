/** Path parameters from captures. @module */

/** A byte sequence that may be one UTF-8 character, percent-encoded; a valid one decodes, others stay. */
const CHARACTER =
  /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-7](?:%[89ab][0-9a-f]){3}/gi;

const NONE: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Decoded parameters by name, frozen.
 *
 * @param names {@link Pattern.names}
 * @param captures what {@link Router.find} filled in: one raw text a name
 */
export function decodeParams(names: readonly string[], captures: readonly string[]): Readonly<Record<string, string>> {
  if (names.length === 0) return NONE;
  const params: Record<string, string> = {};
  for (let i = 0; i < names.length; i++) params[names[i]] = decodeParam(captures[i]);
  return Object.freeze(params);
}

/** Percent-decodes UTF-8; a sequence that is not UTF-8 stays as sent. */
export function decodeParam(raw: string): string {
  if (!raw.includes("%")) return raw;
  return decoded(raw) ?? raw.replace(CHARACTER, (escape) => decoded(escape) ?? escape);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
