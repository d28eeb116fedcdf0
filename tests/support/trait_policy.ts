/** Policies that do nothing but bear on who may pass. @module */

import { z } from "zod";
import type { Middleware } from "../../src/core/handler.ts";
import { type Policy, type PolicyTraits, recordPolicy } from "../../src/core/policy.ts";

const pass: Middleware = (next) => next;

/** A policy of this kind with these traits, which each request passes. */
export function traitPolicy(kind: string, traits: PolicyTraits): Policy {
  return recordPolicy({ kind, schema: z.unknown(), traits: () => traits, build: () => pass }, {});
}
