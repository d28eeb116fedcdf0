/** One identity of several. @module */

import type { Identity } from "../../../core/identity.ts";

/**
 * Makes one identity of several: the earliest of each field, groups and scopes of all; `null` where they are of different
 * consumers. Policies give the same object for the same credential as long as they remember it, and so does this.
 */
export function identityMerger(): (identities: readonly Identity[]) => Identity | null {
  const made = new WeakMap<Identity, WeakMap<Identity, { readonly merged: Identity | null }>>();
  const pair = (a: Identity, b: Identity): Identity | null => {
    let withA = made.get(a);
    if (withA === undefined) made.set(a, withA = new WeakMap());
    let found = withA.get(b);
    if (found === undefined) withA.set(b, found = { merged: merged(a, b) });
    return found.merged;
  };
  return (identities) => {
    let all: Identity | null = identities[0];
    for (let i = 1; i < identities.length && all !== null; i++) all = pair(all, identities[i]);
    return all;
  };
}

function merged(a: Identity, b: Identity): Identity | null {
  if (a.consumer !== undefined && b.consumer !== undefined && a.consumer !== b.consumer) return null;
  const fields = (["method", "consumer", "subject", "user"] as const).flatMap((field) => {
    const value = a[field] ?? b[field];
    return value === undefined ? [] : [[field, value]];
  });
  const lists = (["groups", "scopes"] as const).flatMap((field) => {
    if (a[field] === undefined && b[field] === undefined) return [];
    return [[field, [...new Set([...a[field] ?? [], ...b[field] ?? []])]]];
  });
  const claims = a.claims === undefined && b.claims === undefined ? {} : { claims: { ...b.claims, ...a.claims } };
  return Object.freeze({ ...Object.fromEntries([...fields, ...lists]), ...claims });
}
