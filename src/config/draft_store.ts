/** Stores as they are written, each checked by its own schema. @module */

import { recordStore, type StoreConfig, type StoreDefinition, storeDefinitionOf } from "../core/store.ts";
import type { Finding, Path } from "./finding.ts";
import { settingsOf } from "./read_part.ts";
import { insideOf, notRecorded, readOptions } from "./recorded_options.ts";
import { UNREADABLE } from "./unreadable.ts";

/** One store. */
export interface DraftStore {
  readonly name: string;
  readonly at: Path;
  /** Its options, as they are written. */
  readonly written: unknown;
  /** `undefined` where it is not known. */
  readonly definition: StoreDefinition | undefined;
  /** Its `options` are what the schema made of the authored ones; `undefined` where they are wrong. */
  readonly store: StoreConfig | undefined;
  readonly findings: readonly Finding[];
}

/** The stores of a config. */
export function draftStores(written: unknown): DraftStore[] {
  return Object.entries(settingsOf(written)).map(([name, entry]) => draftStore(name, entry));
}

function draftStore(name: string, entry: unknown): DraftStore {
  const at = ["stores", name], definition = storeDefinitionOf(entry), written = insideOf(entry);
  const draft = { name, at, definition, written, store: undefined };
  if (definition === undefined) {
    const remedy = "what memory() or redis({ … }) returns";
    return { ...draft, findings: entry === UNREADABLE ? [] : [notRecorded(entry, at, "store", remedy)] };
  }
  const make = (options: unknown) => ({ store: recordStore(definition, options) });
  const read = readOptions(definition, written, at, make);
  return "store" in read ? { ...draft, store: read.store, findings: [] } : { ...draft, findings: read.findings };
}
