/** Policies as they are written, each checked by its own schema. @module */

import type { z } from "zod";
import { definitionOf, type Policy, type PolicyDefinition, type PolicyFacts, recordPolicy } from "../core/policy.ts";
import type { Finding, Path } from "./finding.ts";
import { entriesOf } from "./read_part.ts";
import { notRecorded, readOptions } from "./recorded_options.ts";
import { rightPart } from "./right_part.ts";
import { storeOf, upstreamOf } from "./named_fact.ts";
import { UNREADABLE } from "./unreadable.ts";

/** One policy, or what is right of it. */
export interface DraftPolicy {
  readonly at: Path;
  /** Its `options` are what the schema made of the authored ones. */
  readonly policy: Policy;
  readonly facts: PolicyFacts;
}

/** A list of policies. */
export interface DraftChain {
  /** Those that were found right. */
  readonly policies: readonly DraftPolicy[];
  /**
   * What is right of the others, as far as it makes sense by itself: what they give is left out, and of what they need
   * there is only what is written in so many words.
   */
  readonly refused: readonly DraftPolicy[];
  /** Whether all of them could be read: then it is known which facts there are. */
  readonly complete: boolean;
  readonly findings: readonly Finding[];
}

type Read = Omit<DraftPolicy, "at">;

interface Refused {
  readonly findings: readonly Finding[];
  readonly part: Read | null;
}

/** Reads lists of policies. A policy that stands in several is checked once, and reported where it stands first. */
export class ChainReader {
  readonly #known = new Map<unknown, Read | Refused>();

  read(list: unknown, at: Path): DraftChain {
    const policies: DraftPolicy[] = [], refused: DraftPolicy[] = [], findings: Finding[] = [];
    const entries = entriesOf(list);
    entries.forEach((entry, i) => {
      const place = [...at, i], known = this.#known.get(entry), read = known ?? readPolicy(entry, place);
      if (known === undefined && definitionOf(entry) !== undefined) this.#known.set(entry, read);
      if (known === undefined) findings.push(...("findings" in read ? read.findings : warningsAbout(read, place)));
      if (!("findings" in read)) return policies.push({ at: place, ...read });
      if (read.part !== null) refused.push({ at: place, ...read.part });
    });
    const isList = list === undefined || Array.isArray(list);
    return { policies, refused, complete: isList && policies.length === entries.length, findings };
  }
}

function readPolicy(entry: unknown, at: Path): Read | Refused {
  if (entry === UNREADABLE) return { findings: [], part: null };
  const definition = definitionOf(entry);
  if (definition === undefined) {
    const remedy = "what headers({ … }) or definePolicy({ … }) returns";
    return { findings: [notRecorded(entry, at, "policy", remedy)], part: null };
  }
  const { options } = entry as Policy;
  const read = readOptions(definition, options, at, (data): Read => ({
    policy: recordPolicy(definition, data),
    facts: definition.facts?.(data) ?? {},
  }));
  if (!("findings" in read)) return read;
  return { findings: read.findings, part: read.issues.length === 0 ? null : partOf(definition, options, read.issues) };
}

/** What the policy's own kind has to say of its options. */
function warningsAbout({ policy }: Read, at: Path): Finding[] {
  const warnings = definitionOf(policy)?.warnings?.(policy.options) ?? [];
  return warnings.map((warning) => ({ ...warning, severity: "warning", at: [...at, ...warning.at] }));
}

function partOf(definition: PolicyDefinition, options: unknown, issues: readonly z.core.$ZodIssue[]): Read | null {
  try {
    const part = rightPart(definition.schema, options, issues);
    if (part === undefined) return null;
    // A default in place of a wrong option may need what the option meant would not.
    const written = JSON.stringify(options);
    const isWritten = (fact: string) => written.includes(storeOf(fact) ?? upstreamOf(fact) ?? fact);
    const needs = (definition.facts?.(part.value).needs ?? []).filter(isWritten);
    return { policy: recordPolicy(definition, part.value), facts: { needs } };
  } catch {
    return null;
  }
}
