import { InvalidArgumentError, Option } from "commander";
import { readSource } from "../definition/read/files";
import { formatMessage, formatLocation } from "../definition/file-diagnostic";
import { valueOf } from "../definition/read/node";
import { parse } from "../definition/read/parse";
import {
  ENCRYPTED,
  findValue,
  fullKey,
  type GivenValue,
  type StackValue,
  type StackValues,
  stackValues,
} from "../definition/read/config-values";
import { type Stacks } from "../definition/read/pulumi-files";
import { selectedStack } from "../definition/read/selected-stack";
import { type Source } from "../definition/read/source";
import { isObject } from "../json";
import { CliError, EXIT } from "./errors";
import { isTyped, readStandardInput } from "./terminal/standard-input";

/** Values of the stack configuration that are available without Pulumi. */
export interface CommandConfig {
  /** `undefined`: the key is unknown. Without a value: it is set, but encrypted. */
  get(key: string): StackValue | undefined;
  /** True if the key is certainly not set. */
  lacks(key: string): boolean;
}

/** Options of a command that give values. */
export interface ConfigOptions {
  readonly environment?: string;
  /** Items of the form `key=value`. */
  readonly config?: readonly string[];
  /**
   * Path of a file with the output of `pulumi config --json --show-secrets`, or with a map of keys
   * and values; `-` for standard input.
   */
  readonly configFile?: string;
}

/**
 * Reads values from the command line first, then the file, then the stack's own file without its
 * encrypted values. Keys without a namespace belong to the project.
 * @throws CliError when a file of the project cannot be read.
 */
export function readConfig(
  stacks: Stacks | undefined,
  { environment, config = [], configFile }: ConfigOptions,
): CommandConfig {
  const [diagnostic] = stacks?.diagnostics ?? [];
  if (diagnostic) {
    throw new CliError(`${formatLocation(diagnostic)}: ${formatMessage(diagnostic)}`);
  }
  const project = stacks?.project ?? "project";
  const ofFile = configFile === undefined ? undefined : valuesOfFile(configFile, project);
  const given = config.map((pair) => {
    const at = pair.indexOf("=");
    const key = fullKey(pair.slice(0, at), project);
    return { key, value: pair.slice(at + 1), isSecret: true };
  });
  const stack = environment === undefined ? undefined : stacks?.stacks.get(environment);
  const layers = [stackValues(given), ofFile, stack, stacks?.shared];
  const get = (key: string): StackValue | undefined => findValue(layers, fullKey(key, project));
  return { get, lacks: (key) => stack !== undefined && get(key) === undefined };
}

/**
 * The stack of a command: that of the command line, the one that is selected, or the only one.
 * `undefined` for a project without stacks.
 * @throws CliError where there are several stacks, and none is selected.
 */
export function stackOf(
  environment: string | undefined,
  stacks: Stacks | undefined,
  folder: string,
): string | undefined {
  if (environment !== undefined || stacks === undefined) {
    return environment;
  }
  const selected = selectedStack(folder, stacks);
  const names = [...stacks.stacks.keys()];
  if (selected === undefined && names.length > 1) {
    throw new CliError(
      `no stack is selected, and there are several: ${names.sort().join(", ")}. Name one with --environment, or select it with \`pulumi stack select\`.`,
      EXIT.usage,
    );
  }
  return selected ?? names[0];
}

/** The option that picks the stack of a command. */
export function stackOption(): Option {
  return new Option(
    "-e, --environment <name>",
    "stack whose overlays and configuration apply (default: the selected or only one)",
  );
}

/** The option that gives one value of the stack configuration. */
export function valueOption(): Option {
  return new Option(
    "-c, --config <key=value>",
    "a value of the stack configuration; can be repeated",
  ).argParser<readonly string[]>(collectPair);
}

/** The option that gives many of them. */
export function valuesFileOption(): Option {
  return new Option(
    "--config-file <path>",
    "values, as pulumi config --json --show-secrets prints them; - for standard input",
  );
}

/** For Commander: collects `key=value`. */
export function collectPair(pair: string, pairs: readonly string[] = []): readonly string[] {
  if (pair.indexOf("=") < 1) {
    throw new InvalidArgumentError("Write key=value.");
  }
  return [...pairs, pair];
}

function valuesOfFile(path: string, project: string): StackValues {
  const source = path === "-" ? standardInput("--config-file -") : readSource(path, process.cwd());
  if ("rule" in source) {
    throw new CliError(
      `--config-file: ${source.file} ${source.message}. ${source.hint ?? ""}.`,
      EXIT.usage,
    );
  }
  const { node } = parse(source);
  const values = node && valueOf(node);
  if (!isObject(values)) {
    throw new CliError(
      `--config-file: ${source.path} is not a map of keys and values. Write the output of pulumi config --json --show-secrets to it.`,
      EXIT.usage,
    );
  }
  const given = Object.entries(values).map(([key, entry]): GivenValue => {
    const full = fullKey(key, project);
    if (!isObject(entry) || !("secret" in entry || "value" in entry)) {
      return { key: full, value: entry, isSecret: true };
    }
    // Without --show-secrets, there is no value.
    const { secret, value = ENCRYPTED } = entry;
    return { key: full, value, isSecret: secret === true };
  });
  return stackValues(given);
}

/** What is piped into the command. @throws CliError at a terminal. */
export function standardInput(what: string): Source {
  if (isTyped()) {
    throw new CliError(`${what}: nothing is piped into standard input.`, EXIT.usage);
  }
  return { path: "standard input", text: readStandardInput() };
}
