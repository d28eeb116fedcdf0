/** Consumers as they are written. @module */

import type { z } from "zod";
import type { ChainReader, DraftChain } from "./draft_chain.ts";
import type { Path } from "./finding.ts";
import { readPart, settingsOf } from "./read_part.ts";
import { consumerSchema } from "./schema/consumers.ts";

/** A consumer; what is wrong with it elsewhere does not keep its policies from being read. */
export interface DraftConsumer {
  readonly name: string;
  readonly at: Path;
  readonly parsed: z.output<typeof consumerSchema> | undefined;
  readonly chain: DraftChain;
}

/** The consumers of a config. */
export function draftConsumers(written: unknown, chains: ChainReader): DraftConsumer[] {
  return Object.entries(settingsOf(written)).map(([name, entry]) => {
    const at = ["consumers", name];
    const chain = chains.read(settingsOf(entry).policies, [...at, "policies"]);
    return { name, at, parsed: readPart(consumerSchema, entry), chain };
  });
}
