/** Configs that must not compile, each with what the compiler says about it. @module */

import { CHAIN } from "./wrong/chains.ts";
import { LIMIT } from "./wrong/limits.ts";
import { LISTENER } from "./wrong/listeners.ts";
import { PATH } from "./wrong/paths.ts";
import { ROUTE } from "./wrong/routes.ts";
import { SETTINGS } from "./wrong/settings.ts";
import { SPLIT } from "./wrong/split.ts";
import { STORE } from "./wrong/stores.ts";
import { TARGET } from "./wrong/targets.ts";
import { UPSTREAM } from "./wrong/upstreams.ts";
import type { WrongConfig } from "./wrong/wrong_config.ts";

/** Every wrong config. */
export const WRONG_CONFIGS: readonly WrongConfig[] = [
  ...UPSTREAM,
  ...PATH,
  ...CHAIN,
  ...LIMIT,
  ...TARGET,
  ...ROUTE,
  ...SETTINGS,
  ...LISTENER,
  ...SPLIT,
  ...STORE,
];
