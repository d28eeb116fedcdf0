/** All that clients do. @module */

import type { Behaviour } from "./behaviour.ts";
import { abortInAnswer, abortInBody, abortInHead } from "./behaviours/aborts.ts";
import { events } from "./behaviours/events.ts";
import { keepAlive } from "./behaviours/keep_alive.ts";
import { pipeline } from "./behaviours/pipeline.ts";
import { slowReader, slowWriter } from "./behaviours/slow.ts";
import { websocket } from "./behaviours/websocket.ts";

/** Every behaviour. */
export const BEHAVIOURS: readonly Behaviour[] = [
  ...[keepAlive, pipeline, abortInHead, abortInBody, abortInAnswer, slowReader, slowWriter, events, websocket],
];
