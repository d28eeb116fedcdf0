/** Configs that must not compile, each with what the compiler says about it. @module */

import { CACHING } from "./wrong/caching.ts";
import { CHAIN } from "./wrong/chains.ts";
import { IDENTITY } from "./wrong/identity.ts";
import { CONSUMER } from "./wrong/consumers.ts";
import { GUARD } from "./wrong/guards.ts";
import { LIMIT } from "./wrong/limits.ts";
import { LISTENER } from "./wrong/listeners.ts";
import { PATH } from "./wrong/paths.ts";
import { ROUTE } from "./wrong/routes.ts";
import { SERVICE } from "./wrong/services.ts";
import { SHAPING } from "./wrong/shaping.ts";
import { SETTINGS } from "./wrong/settings.ts";
import { SPLIT } from "./wrong/split.ts";
import { STORE } from "./wrong/stores.ts";
import { TARGET } from "./wrong/targets.ts";
import { TELEMETRY } from "./wrong/telemetry.ts";
import { TOKEN } from "./wrong/tokens.ts";
import { UPSTREAM } from "./wrong/upstreams.ts";
import type { WrongConfig } from "./wrong/wrong_config.ts";

/** Every wrong config. */
export const WRONG_CONFIGS: readonly WrongConfig[] = [
  ...UPSTREAM,
  ...PATH,
  ...CHAIN,
  ...CONSUMER,
  ...GUARD,
  ...LIMIT,
  ...IDENTITY,
  ...TOKEN,
  ...SERVICE,
  ...SHAPING,
  ...TARGET,
  ...ROUTE,
  ...SETTINGS,
  ...TELEMETRY,
  ...LISTENER,
  ...SPLIT,
  ...STORE,
  ...CACHING,
];
