import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { type Diagnostic, errorDiagnostic, joinPath } from "../../diagnostics";
import { isObject } from "../../json";
import { type Definition } from "../definition";
import { type DefinitionDiagnostic, errorAt } from "../file-diagnostic";

const RULE = "definition/shard";

/** One of several stacks that share a folder of definitions. */
export interface Shard {
  /** Counted from 0. */
  readonly index: number;
  readonly of: number;
}

/**
 * Multiplier of the generator that follows each name; any other would move the connectors of stacks
 * that are deployed.
 */
const MULTIPLIER = 2862933555777941757n;

/**
 * The shard, from 0, that a definition of this name belongs to. It depends on nothing else, and
 * must be the same in every version. With one more shard, a name in so many moves there, and no
 * other moves (jump consistent hash, https://arxiv.org/abs/1406.2294).
 */
export function shardOf(name: string, of: number): number {
  let key = createHash("sha256").update(name).digest().readBigUInt64BE();
  let shard = 0;
  // Each is the number of shards from which on the name lives elsewhere.
  for (
    let next = 0;
    next < of;
    next = Math.floor((shard + 1) * (2 ** 31 / (Number(key >> 33n) + 1)))
  ) {
    shard = next;
    key = BigInt.asUintN(64, key * MULTIPLIER + 1n);
  }
  return shard;
}

/** The definitions that a stack deploys; without a shard, all. */
export function shareOf(
  definitions: readonly Definition[],
  shard: Shard | undefined,
): readonly Definition[] {
  return shard === undefined
    ? definitions
    : definitions.filter(({ name }) => shardOf(name, shard.of) === shard.index);
}

/** What is wrong with a shard as a program gives it. */
export function checkShard(shard: unknown): Diagnostic[] {
  if (shard === undefined) {
    return [];
  }
  if (!isObject(shard)) {
    return [
      errorDiagnostic(
        RULE,
        "shard",
        "must be an object with the numbers index and of",
        "Example: shard: { index: 0, of: 3 }",
      ),
    ];
  }
  const { index, of } = shard;
  const diagnostics = [...checkCount("shard.index", index, 0), ...checkCount("shard.of", of, 1)];
  if (diagnostics.length > 0 || Number(index) < Number(of)) {
    return diagnostics;
  }
  return [
    errorDiagnostic(
      RULE,
      "shard.index",
      `is ${String(index)}, and must be less than shard.of, which is ${String(of)}`,
      `Counting begins with 0: ${Number(of) === 1 ? "the only shard is 0" : `the last of ${String(of)} shards is ${Number(of) - 1}`}`,
    ),
  ];
}

function checkCount(path: string, value: unknown, least: number): Diagnostic[] {
  if (Number.isInteger(value) && Number(value) >= least) {
    return [];
  }
  const must = `must be a whole number, ${least} or more`;
  if (typeof value === "string") {
    return [
      errorDiagnostic(
        RULE,
        path,
        `${must}, not text`,
        "Stack configuration is text: read it with requireNumber of pulumi.Config instead of require",
      ),
    ];
  }
  if (value === undefined) {
    return [errorDiagnostic(RULE, path, "is missing", "Example: shard: { index: 0, of: 3 }")];
  }
  return [
    errorDiagnostic(
      RULE,
      path,
      must,
      pulumi.Output.isInstance(value)
        ? "An output is not a number yet: read it from pulumi.Config with requireNumber"
        : undefined,
    ),
  ];
}

/**
 * Options that reach from one shard into another: a stack neither waits for another one nor takes
 * anything over from it.
 */
export function checkAcrossShards(
  definitions: readonly Definition[],
  { of }: Shard,
): DefinitionDiagnostic[] {
  const known = new Set(definitions.map(({ name }) => name));
  return definitions.flatMap(({ name, place, options: { dependsOn = [], aliases = [] } }) => {
    const own = shardOf(name, of);
    const waits = dependsOn.filter(
      (each) => known.has(each.name) && shardOf(each.name, of) !== own,
    );
    const moved = aliases.filter((alias) => shardOf(alias, of) !== own);
    const at = (option: string): string => joinPath("connectors", name, "options", option);
    return [
      ...waits.map((each) =>
        errorAt(
          RULE,
          each.place,
          `${each.name} belongs to shard ${shardOf(each.name, of)} of ${of}, and ${name} to shard ${own}: a stack cannot wait for another one`,
          "Remove the dependency",
          at("dependsOn"),
        ),
      ),
      ...moved.map((alias) =>
        errorAt(
          RULE,
          place,
          `as ${alias} the connector belonged to shard ${shardOf(alias, of)} of ${of}, and as ${name} to shard ${own}: an alias cannot refer to another stack`,
          "Keep the old name; or move the connector as docs/definitions.md says, and remove the alias",
          at("aliases"),
        ),
      ),
    ];
  });
}
