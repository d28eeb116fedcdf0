/** Policies as they are written, each checked by its own schema. @module */

import { z } from "zod";
import { definitionOf, type Policy, type PolicyFacts, recordPolicy } from "../core/policy.ts";
import type { Finding, Path } from "./finding.ts";
import { findingsFromZod } from "./issues_from_zod.ts";
import { entriesOf } from "./read_part.ts";
import { seenText } from "./seen.ts";
import { UNREADABLE } from "./unreadable.ts";

/** One policy that was found right. */
export interface DraftPolicy {
  readonly at: Path;
  /** Its `options` are what the schema made of the authored ones. */
  readonly policy: Policy;
  readonly facts: PolicyFacts;
}

/** A list of policies. */
export interface DraftChain {
  readonly policies: readonly DraftPolicy[];
  /** Whether all of them could be read: then it is known which facts there are. */
  readonly complete: boolean;
  readonly findings: readonly Finding[];
}

/** Reads lists of policies. A policy that stands in several is checked once, and reported where it stands first. */
export class ChainReader {
  readonly #known = new Map<unknown, Omit<DraftPolicy, "at"> | null>();

  read(list: unknown, at: Path): DraftChain {
    const policies: DraftPolicy[] = [], findings: Finding[] = [];
    const entries = entriesOf(list);
    entries.forEach((entry, i) => {
      const place = [...at, i];
      let read = this.#known.get(entry);
      if (read === undefined) {
        const result = readPolicy(entry, place);
        read = "findings" in result ? null : result;
        if ("findings" in result) findings.push(...result.findings);
        if (definitionOf(entry) !== undefined) this.#known.set(entry, read);
      }
      if (read !== null) policies.push({ at: place, ...read });
    });
    const isList = list === undefined || Array.isArray(list);
    return { policies, complete: isList && policies.length === entries.length, findings };
  }
}

type Findings = { readonly findings: readonly Finding[] };

function readPolicy(entry: unknown, at: Path): Omit<DraftPolicy, "at"> | Findings {
  if (entry === UNREADABLE) return { findings: [] };
  const definition = definitionOf(entry);
  if (definition === undefined) return { findings: [notAPolicy(entry, at)] };
  const { options } = entry as Policy;
  try {
    const result = z.core.safeParse(definition.schema, options);
    if (result.error !== undefined) {
      return { findings: findingsFromZod(result.error.issues, options, definition.schema, at) };
    }
    const facts = definition.facts?.(result.data) ?? {};
    return { policy: recordPolicy(definition, result.data), facts };
  } catch (error) {
    // A schema of someone else's may throw, or wait, which nothing here can.
    const message = `the options of ${definition.kind} could not be checked: ${(error as Error).message}`;
    return { findings: [{ at, message, seen: seenText(options) }] };
  }
}

function notAPolicy(entry: unknown, at: Path): Finding {
  if (typeof entry !== "function") {
    const remedy = "what headers({ … }) or definePolicy({ … }) returns";
    return { at, message: "this is not a policy", seen: seenText(entry), remedy };
  }
  const call = entry.name === "" ? "call it" : `${entry.name}({ … })`;
  return { at, message: "this is a function that makes a policy, not a policy", seen: seenText(entry), remedy: call };
}
