/** Identities with what the config knows of their consumers. @module */

import type { Consumer, Consumers } from "../../core/consumers.ts";
import type { Identity } from "../../core/identity.ts";

/**
 * The identity as its consumer's: with the consumer's name, and with the consumer's groups where it has none of its own.
 *
 * @param found whom the credential belongs to. @default the consumer that the identity itself names
 */
export function consumerIdentity(
  identity: Identity,
  consumers: Consumers,
  found: Consumer | undefined = identity.consumer === undefined ? undefined : consumers.named(identity.consumer),
): Identity {
  if (found === undefined) return identity;
  return { ...identity, consumer: found.name, groups: identity.groups ?? found.groups };
}
