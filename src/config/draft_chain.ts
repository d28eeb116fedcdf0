/** Policies as they are written, each checked by its own schema. @module */

import type { z } from "zod";
import { definitionOf, type Policy, type PolicyDefinition, type PolicyFacts, recordPolicy } from "../core/policy.ts";
import type { Finding, Path } from "./finding.ts";
import { holdsNothing } from "./policy_parts.ts";
import { entriesOf, settingsOf } from "./read_part.ts";
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
  /** What is right of it, and of the policies that it holds, at their places inside of it. */
  readonly parts: readonly DraftPolicy[];
}

/** Reads lists of policies. A policy that stands in several is checked once, and reported where it stands first. */
export class ChainReader {
  readonly #known = new Map<unknown, Read | Refused>();

  read(list: unknown, at: Path): DraftChain {
    const policies: DraftPolicy[] = [], refused: DraftPolicy[] = [], findings: Finding[] = [];
    const entries = entriesOf(list);
    entries.forEach((entry, i) => {
      const place = [...at, i], { read, findings: found } = this.#entry(entry, place);
      findings.push(...found);
      if (!("findings" in read)) return policies.push({ at: place, ...read });
      refused.push(...partsAt(place, read));
    });
    const isList = list === undefined || Array.isArray(list);
    return { policies, refused, complete: isList && policies.length === entries.length, findings };
  }

  /** One policy, with what there is to say of it here. */
  #entry(entry: unknown, at: Path): { readonly read: Read | Refused; readonly findings: readonly Finding[] } {
    const known = this.#known.get(entry);
    if (known !== undefined) return { read: known, findings: [] };
    const inner: Finding[] = [], read = this.#policy(entry, at, inner);
    if (definitionOf(entry) !== undefined) this.#known.set(entry, read);
    return { read, findings: [...inner, ...("findings" in read ? read.findings : warningsAbout(read, at))] };
  }

  /** @param inner gets what there is to say of policies inside of this one */
  #policy(entry: unknown, at: Path, inner: Finding[]): Read | Refused {
    if (entry === UNREADABLE) return { findings: [], parts: [] };
    const definition = definitionOf(entry);
    if (definition === undefined) {
      const remedy = "what headers({ … }) or definePolicy({ … }) returns";
      return { findings: [notRecorded(entry, at, "policy", remedy)], parts: [] };
    }
    const options = this.#withParts(definition, (entry as Policy).options, at, inner);
    if ("parts" in options) return { findings: [], parts: options.parts };
    const read = readOptions(definition, options.value, at, (data): Read => ({
      policy: recordPolicy(definition, data),
      facts: definition.facts?.(data) ?? {},
    }));
    if (!("findings" in read)) return read;
    const part = read.issues.length === 0 ? null : partOf(definition, options.value, read.issues);
    return { findings: read.findings, parts: part === null ? [] : [{ at: [], ...part }] };
  }

  /** The options with the policies that they hold as their own schemas make them; where one of these is wrong, the others. */
  #withParts(
    { holds }: PolicyDefinition,
    options: unknown,
    at: Path,
    inner: Finding[],
  ): { readonly value: unknown } | Pick<Refused, "parts"> {
    if (holds === undefined) return { value: options };
    const held = settingsOf(options)[holds];
    // Nothing, of which the kind's own schema says what is missing.
    if (holdsNothing(held)) return { value: options };
    const one = (entry: unknown, inside: Path) => {
      const { read, findings } = this.#entry(entry, [...at, ...inside]);
      inner.push(...findings);
      return { inside, read };
    };
    const isList = Array.isArray(held), entries: readonly unknown[] = isList ? held : [held];
    const parts = entries.map((entry, i) => one(entry, isList ? [holds, i] : [holds]));
    const policies = parts.flatMap(({ read }) => "findings" in read ? [] : [read.policy]);
    if (policies.length < parts.length) return { parts: parts.flatMap(({ inside, read }) => partsAt(inside, read)) };
    return { value: { ...settingsOf(options), [holds]: isList ? policies : policies[0] } };
  }
}

/** What there is of a policy in something that is wrong: what it gives does not count. */
function partsAt(place: Path, read: Read | Refused): DraftPolicy[] {
  if (!("findings" in read)) return [{ at: place, policy: read.policy, facts: { needs: read.facts.needs } }];
  return read.parts.map((part) => ({ ...part, at: [...place, ...part.at] }));
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
