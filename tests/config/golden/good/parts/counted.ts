import { z } from "zod";
import { type PolicyDefinition, recordPolicy } from "../../../../../src/core/policy.ts";

interface CountedOptions {
  readonly store?: string;
  readonly withoutLua?: readonly string[];
}

const definition: PolicyDefinition<CountedOptions> = {
  kind: "counted",
  schema: z.strictObject({ store: z.string().optional(), withoutLua: z.array(z.string()).optional() }),
  facts: ({ store }) => ({ needs: store === undefined ? [] : [`store:${store}`] }),
  uses: ({ store, withoutLua = [] }) => ({ store, withoutLua }),
  build: () => (next) => next,
};

/** A policy that counts in a store. */
export function counted<const S extends string = never>(options: CountedOptions & { readonly store?: S }) {
  return recordPolicy<"counted", [S] extends [never] ? never : `store:${S}`, never>(definition, options);
}
