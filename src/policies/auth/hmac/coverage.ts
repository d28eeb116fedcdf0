/** What a signature must cover. @module */

/** The field that stands for the body (RFC 9530 §2). */
export const CONTENT_DIGEST = "content-digest";

/** Components that say all that another one says (RFC 9421 §2.2.2, §2.2.5). */
const SAID_BY: Readonly<Record<string, readonly string[]>> = {
  "@authority": ["@target-uri"],
  "@scheme": ["@target-uri"],
  "@path": ["@target-uri", "@request-target"],
  "@query": ["@target-uri", "@request-target"],
  "@request-target": ["@target-uri"],
};

/** Components that a signature must have, in this form or another. */
export class Coverage {
  readonly #needed: readonly (readonly string[])[];

  /** @param components names */
  constructor(components: readonly string[]) {
    this.#needed = components.map(formsOf);
  }

  /** Whether nothing is missing. @param covered components as signatures write them */
  isMetBy(covered: ReadonlySet<string>): boolean {
    for (let i = 0; i < this.#needed.length; i++) if (!hasOne(this.#needed[i], covered)) return false;
    return true;
  }
}

const DIGEST_FORMS = formsOf(CONTENT_DIGEST);

/** Whether the digest is signed, all of it. */
export function coversDigest(covered: ReadonlySet<string>): boolean {
  return hasOne(DIGEST_FORMS, covered);
}

/** Whether one of several required components says what the name says. */
export function isSaid(name: string, components: readonly string[]): boolean {
  return components.includes(name) || (SAID_BY[name] ?? []).some((other) => components.includes(other));
}

function formsOf(name: string): string[] {
  if (name.startsWith("@")) return [name, ...SAID_BY[name] ?? []].map((form) => `"${form}"`);
  return [`"${name}"`, `"${name}";sf`, `"${name}";bs`];
}

function hasOne(forms: readonly string[], covered: ReadonlySet<string>): boolean {
  for (let i = 0; i < forms.length; i++) if (covered.has(forms[i])) return true;
  return false;
}
