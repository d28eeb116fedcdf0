/** Whether each policy, redirect and split comes after what provides the facts that it reads. @module */

import { ASKED } from "../../core/facts.ts";
import { isFact } from "../../core/key.ts";
import type { Policy } from "../../core/policy.ts";
import { parseTemplate } from "../../core/template.ts";
import { IDENTITY_FACTS } from "../../policies/auth/authenticator.ts";
import type { Draft, DraftRoute } from "../draft.ts";
import type { DraftChain } from "../draft_chain.ts";
import type { Finding, Path } from "../finding.ts";
import { readPart, settingsOf } from "../read_part.ts";
import { splitKey } from "../schema/key_text.ts";
import { routeSchema } from "../schema/route.ts";
import { seenText } from "../seen.ts";
import { storeOf, upstreamOf } from "../named_fact.ts";
import { DEFAULT_STORE } from "../store_names.ts";
import { nearest } from "../../settings/nearest.ts";

/** What is known at one point of a chain. `jwt:*` stands for every claim. */
interface Known {
  readonly facts: Set<string>;
  /** Whether everything before could be read; else only the path's own facts are judged. */
  complete: boolean;
  /** The path's facts, `undefined` where it is not known; `null` where policies run on every path. */
  readonly params: readonly string[] | null | undefined;
  /** Which policies these are, as the end of a sentence. */
  readonly everywhere: string;
  readonly named: Named;
}

/** Names that policies may use, by what they name. */
interface Named {
  readonly stores: readonly string[];
  readonly upstreams: readonly string[];
}

/** Facts that are read and that nothing before provides. */
export function checkFacts({ stores, upstreams, consumers, policies, routes }: Draft): Finding[] {
  const named: Named = {
    stores: [...new Set([DEFAULT_STORE, ...stores.map(({ name }) => name)])],
    upstreams: upstreams.map(({ name }) => name),
  };
  const everywhere = { complete: true, params: null, named };
  const global: Known = { ...everywhere, facts: new Set(), everywhere: "global policies run without a path" };
  return [
    ...consumers.flatMap(({ chain }) =>
      walk(chain, {
        ...everywhere,
        facts: new Set(IDENTITY_FACTS),
        everywhere: "the policies of consumers run on every path",
      })
    ),
    ...walk(policies, global),
    ...routes.flatMap((route) => routeFacts(route, global)),
  ];
}

function routeFacts({ written, at, chain, pattern }: DraftRoute, global: Known): Finding[] {
  const known: Known = { ...global, facts: new Set(global.facts), params: pattern?.names };
  return [
    ...walk(chain, known),
    ...redirectFacts(written.redirect, at, known),
    ...splitFacts(written.split, at, known),
  ];
}

function redirectFacts(written: unknown, at: Path, known: Known): Finding[] {
  const redirect = readPart(routeSchema.shape.redirect, written);
  const template = redirect === undefined ? undefined : parseTemplate(redirect.to);
  if (template === undefined || "error" in template) return [];
  const place = typeof written === "string" ? [...at, "redirect"] : [...at, "redirect", "to"];
  const missing = new Set(template.keys.filter((key) => isFact(key) && !provided(key, known)));
  return [...missing].map((fact) => ({
    at: place,
    ...complaint("redirect", fact, known),
    seen: seenText(redirect?.to),
  }));
}

function splitFacts(written: unknown, at: Path, known: Known): Finding[] {
  const keys = settingsOf(written).stickyBy, place = [...at, "split", "stickyBy"];
  return (Array.isArray(keys) ? keys : [keys]).flatMap((key, i): Finding[] => {
    const fact = readPart(splitKey(), key);
    if (fact === undefined || !isFact(fact) || provided(fact, known)) return [];
    const finding = { ...complaint("split", fact, known), seen: seenText(fact) };
    return [{ at: Array.isArray(keys) ? [...place, i] : place, ...finding }];
  });
}

function walk(chain: DraftChain, known: Known): Finding[] {
  if (!chain.complete) known.complete = false;
  // With one that was refused the chain is not complete, so that its order matters no more.
  return [...chain.policies, ...chain.refused].flatMap(({ at, policy, facts }) => {
    const missing = (facts.needs ?? []).filter((fact) => !provided(fact, known));
    for (const fact of facts.gives ?? []) known.facts.add(fact);
    return missing.map((fact) => {
      const store = storeOf(fact), upstream = upstreamOf(fact);
      if (store !== undefined) return unknownStore(store, policy, at, known.named.stores);
      if (upstream !== undefined) return unknownUpstream(upstream, policy, at, known.named.upstreams);
      return { at, ...complaint(policy.kind, fact, known) };
    });
  });
}

function provided(fact: string, { facts, complete, params, named }: Known): boolean {
  const store = storeOf(fact), upstream = upstreamOf(fact);
  if (store !== undefined) return named.stores.includes(store);
  if (upstream !== undefined) return named.upstreams.includes(upstream);
  if (fact.startsWith("param:")) return params === undefined || params !== null && params.includes(fact.slice(6));
  if (fact === ASKED && IDENTITY_FACTS.some((fact) => facts.has(fact))) return true;
  return !complete || facts.has(fact) || fact.startsWith("jwt:") && facts.has("jwt:*");
}

/** In the words of the compiler's own message. */
function unknownStore(name: string, { kind, options }: Policy, at: Path, stores: readonly string[]): Finding {
  const meant = nearest(name, stores), message = `${kind} uses store "${name}", but stores has none of this name`;
  return {
    // By custom that is the option's name; it is the policy's own affair.
    at: settingsOf(options).store === name ? [...at, "store"] : at,
    message: meant === undefined ? message : `${message}, did you mean "${meant}"?`,
    seen: seenText(name),
    remedy: meant === undefined ? `an entry ${name} under stores` : JSON.stringify(meant),
  };
}

/** In the words of the compiler's own message. */
function unknownUpstream(name: string, { kind }: Policy, at: Path, upstreams: readonly string[]): Finding {
  const meant = nearest(name, upstreams),
    message = `${kind} calls upstream "${name}", but upstreams has none of this name`;
  return {
    at,
    message: meant === undefined ? message : `${message}, did you mean "${meant}"?`,
    seen: seenText(name),
    remedy: meant === undefined ? `an entry ${name} under upstreams, or a URL` : JSON.stringify(meant),
  };
}

/** In the words of the compiler's own message. */
function complaint(
  reader: string,
  fact: string,
  { facts, params, everywhere }: Known,
): Pick<Finding, "message" | "remedy"> {
  if (fact === ASKED) {
    const message = `${reader} reads identity, but no policy before it asks for that`;
    return { message, remedy: "jwt({ … }) or another identity policy before it, be it optional" };
  }
  const reads = `${reader} reads ${fact}, but`;
  if (!fact.startsWith("param:")) {
    const missing = fact.startsWith("jwt:")
      ? "no jwt() that provides it comes before"
      : "no policy before it provides that";
    return { message: `${reads} ${missing}`, remedy: nearest(fact, facts) ?? `a policy before it that gives ${fact}` };
  }
  if (params === null) {
    return { message: `${reads} ${everywhere}`, remedy: "the policy on a route" };
  }
  const name = fact.slice(6), known = params ?? [], meant = nearest(name, known);
  const others = (meant === undefined ? known : [meant]).map((param) => `param:${param}`);
  return {
    message: name === "*" ? `${reads} the path does not end in *` : `${reads} the path has no :${name}`,
    remedy: others.length === 0 ? "a path with this parameter" : others.join(" or "),
  };
}
