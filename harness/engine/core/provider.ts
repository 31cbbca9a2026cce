/** What the engine asks of a provider, and what it is answered. */
import { type PropertyMap } from "./values";

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface ProviderDiff {
  /** Undefined: the provider leaves it to the engine. */
  changes: boolean | undefined;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** A create or update that failed half-way: the resource exists, with these properties. */
export class InitializationError extends Error {
  constructor(
    readonly id: string,
    readonly outputs: PropertyMap,
    readonly reasons: string[],
  ) {
    super(reasons.join("\n"));
  }
}

/** A resource as the calls below need it. */
export interface Subject {
  urn: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

/** What steps ask of a provider. */
export interface Provider {
  check(
    urn: string,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  diff(subject: Subject, news: PropertyMap, ignoreChanges: string[]): Promise<ProviderDiff>;
  create(urn: string, inputs: PropertyMap): Promise<{ id: string; outputs: PropertyMap }>;
  update(subject: Subject, news: PropertyMap, ignoreChanges: string[]): Promise<PropertyMap>;
  read(
    subject: Subject,
  ): Promise<{ id: string; outputs: PropertyMap; inputs: PropertyMap | undefined }>;
  delete(subject: Subject): Promise<void>;
}

/** A provider that this operation starts, configures and ends. */
export interface ProviderInstance extends Provider {
  /** Sends the config without waiting for the answer; the other calls wait. */
  configure(config: PropertyMap): void;
  /** Lets the provider end by itself. */
  stop(): Promise<void>;
  kill(): void;
}
