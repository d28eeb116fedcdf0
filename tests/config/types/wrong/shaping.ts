/** Validations and transformations that read what is not there. @module */

import { route, wrong, type WrongConfig } from "./wrong_config.ts";

/** A module with what {@link WrongConfig} declares, and these policies. */
function shaped(policies: string): string {
  const names = 'import { transform, validate } from "gatewright";';
  return `${names} ${route(`path: "/users/:id", upstream: "users", policies: [${policies}]`)}`;
}

/** Validations and transformations that read what is not there. */
export const SHAPING: readonly WrongConfig[] = [
  {
    name: "a check of a parameter that the path has not",
    config: shaped('validate({ params: { properties: { idd: { type: "integer" } } } })'),
    errors: [[
      wrong('Policy<"validate", "param:idd", never>', '"validate reads param:idd, but the path has no :idd"'),
      "validate({",
    ]],
  },
  {
    name: "a template with a claim that nothing provides",
    config: shaped('transform({ request: { body: { order: "{body:}", by: ["{jwt:sub}"] } } })'),
    errors: [[
      wrong(
        'Policy<"transform", "jwt:sub", never>',
        '"transform reads jwt:sub, but no jwt() that provides it comes before"',
      ),
      "transform({",
    ]],
  },
];
