import { type Message, own, ownText } from "../message";

/**
 * What became of a connector whose id is another one's now.
 *
 * @param connector how the message names it, such as `"Scoring" (id 42)`
 */
export function idWasReused(vendor: string, connector: Message): Message {
  return own`${ownText(vendor)} connector ${connector} was deleted outside, and ${ownText(vendor)} gave its id to another connector.`;
}
