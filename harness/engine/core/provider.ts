/** What the engine asks of a provider, and what it is answered. */
import { type DiffKind } from "../types";
import { type PropertyMap } from "./values";

export interface CheckFailure {
  property: string;
  reason: string;
}

/** What a provider finds in a resource or in its own config. */
export interface Checked {
  inputs: PropertyMap;
  failures: CheckFailure[];
}

export interface ProviderDiff {
  /** Undefined: the provider leaves it to the engine. */
  changes: boolean | undefined;
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** By property path, where the provider says it. */
  detailed?: Record<string, DiffKind>;
}

/** What a read finds. */
export interface Found {
  /** Empty for what is gone. */
  id: string;
  outputs: PropertyMap;
  /** Only if the provider returned any. */
  inputs: PropertyMap | undefined;
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
  /** Whether create and update may be called in a preview. */
  servesPreviews(): Promise<boolean>;
  check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<Checked>;
  diff(subject: Subject, news: PropertyMap, ignoreChanges: string[]): Promise<ProviderDiff>;
  create(
    urn: string,
    inputs: PropertyMap,
    preview?: boolean,
  ): Promise<{ id: string; outputs: PropertyMap }>;
  update(
    subject: Subject,
    news: PropertyMap,
    ignoreChanges: string[],
    preview?: boolean,
  ): Promise<PropertyMap>;
  read(subject: Subject): Promise<Found>;
  /** Reads a resource of which only the id is known. */
  import(urn: string, id: string): Promise<Found>;
  delete(subject: Subject): Promise<void>;
}

/** A provider that this operation starts, configures and ends. */
export interface ProviderInstance extends Provider {
  /** Checks a config. Without it, any config is taken. */
  checkConfig?(urn: string, olds: PropertyMap, news: PropertyMap): Promise<Checked>;
  /** Sends the config without waiting for the answer; the other calls wait. */
  configure(config: PropertyMap, urn: string): void;
  /** Lets the provider end by itself. */
  stop(): Promise<void>;
  kill(): void;
}
