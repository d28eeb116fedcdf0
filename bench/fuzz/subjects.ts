/** All that is fuzzed. @module */

import type { Subject } from "./subject.ts";
import { chunks } from "./subjects/chunks.ts";
import { heads } from "./subjects/heads.ts";
import { paths } from "./subjects/paths.ts";
import { Requests } from "./subjects/requests.ts";
import { Responses } from "./subjects/responses.ts";

/** Every subject; `--only` chooses by id. */
export const SUBJECTS: readonly Subject[] = [heads, chunks, new Responses(), new Requests(), paths];
