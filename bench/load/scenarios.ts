/**
 * The shapes that can be measured, in the order in which they are reported.
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";
import { light } from "./scenarios/light.ts";
import { realistic } from "./scenarios/realistic.ts";

/** Every shape. */
export const SCENARIOS: readonly Scenario[] = [
  light,
  realistic,
];
