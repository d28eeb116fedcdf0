import { definePolicy } from "gatewright";

export const timing = definePolicy({ name: "timing", handle: (_ctx, next) => next() });

export function tagged(options: { readonly tag: string }) {
  return definePolicy({ name: "tagged", options, handle: (_ctx, next) => next() });
}
