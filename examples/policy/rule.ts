import { type PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { type Connector, type Properties } from "./connectors";

/** A rule of the pack. `C` holds its settings, which `--policy-pack-config` can change. */
export interface Rule<C> {
  readonly name: string;
  readonly description: string;
  /** Default: mandatory. */
  readonly enforcementLevel?: "advisory" | "mandatory";
  readonly settings: { readonly [Name in keyof C]: PolicyConfigJSONSchema };
  readonly defaults: C;
  /** One line per problem, with the property and the fix. Never contains a credential. */
  readonly problems: (resource: JudgedResource, settings: C) => readonly string[];
}

export interface JudgedResource {
  readonly connectors: readonly Connector[];
  readonly stack: string;
  readonly protect: boolean;
  readonly props: Properties;
}
