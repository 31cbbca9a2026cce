import { type Argument, Command, Help, type Option } from "commander";
import { definitionsOf, load } from "../../definition/load";
import { knownEnvironments, readStacks } from "../../definition/read/pulumi-files";
import { type CommandRow } from "../command";
import { definitionPaths } from "../validate";
import { SHELLS } from "./scripts";

/** What can stand at the cursor. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Options whose value is a stack. */
const STACK_OPTIONS: readonly string[] = ["environment", "stack"];

/**
 * What can follow the words before the cursor: the last word is the one at the cursor, as far as it
 * is typed. None where the shell should complete names of files.
 */
export async function candidatesFor(
  words: readonly string[],
  all: readonly CommandRow[],
  folder: string,
): Promise<readonly Candidate[]> {
  const [current = "", ...before] = withoutEqualsSigns(words).reverse();
  const [name, ...given] = before.reverse();
  const candidates =
    name === undefined
      ? ofProgram(all, current)
      : await ofCommand(name, given, current, all, folder);
  return candidates.filter(
    ({ value }) => value.startsWith(current) && !/[\u0000-\u001f\u007f-\u009f]/.test(value),
  );
}

/** `--format=json` is three words in bash. */
function withoutEqualsSigns(words: readonly string[]): string[] {
  const isSign = (index: number): boolean =>
    words[index] === "=" && words[index - 1]?.startsWith("--") === true;
  return words.flatMap((word, index) =>
    isSign(index) ? (index === words.length - 1 ? [""] : []) : [word],
  );
}

function ofProgram(all: readonly CommandRow[], current: string): Candidate[] {
  return current.startsWith("-")
    ? [
        { value: "--help", description: "print help" },
        { value: "--version", description: "print the version" },
      ]
    : [...commandNames(all), { value: "help", description: "print help of a command" }];
}

function commandNames(all: readonly CommandRow[]): Candidate[] {
  return all.map(({ name, summary }) => ({ value: name, description: summary }));
}

async function ofCommand(
  name: string,
  given: readonly string[],
  current: string,
  all: readonly CommandRow[],
  folder: string,
): Promise<Candidate[]> {
  if (name === "help") {
    return given.length === 0 ? commandNames(all) : [];
  }
  const row = all.find((each) => each.name === name);
  if (!row) {
    return [];
  }
  const command = new Command(name).helpOption("-h, --help", "print help");
  (await row.load()).configure(command, all);
  const [prefix = "", named] = /^(--[\w-]+)=/.exec(current) ?? [];
  const { option, argument } = placeOf(command, named === undefined ? given : [...given, named]);
  if (option) {
    return valuesOfOption(option, folder).map((each) => ({ ...each, value: prefix + each.value }));
  }
  return current.startsWith("-") ? optionsOf(command) : valuesOfArgument(name, argument, folder);
}

/** What the word at the cursor is, by the words before it: the value of an option, or an argument. */
function placeOf(
  command: Command,
  given: readonly string[],
): { readonly option?: Option | undefined; readonly argument?: Argument | undefined } {
  let option: Option | undefined;
  let count = 0;
  for (const word of given) {
    if (option === undefined && word.startsWith("-")) {
      const named = command.options.find(({ short, long }) => word === short || word === long);
      option = named?.required === true ? named : undefined;
    } else {
      count += option === undefined ? 1 : 0;
      option = undefined;
    }
  }
  return { option, argument: command.registeredArguments[count] };
}

function optionsOf(command: Command): Candidate[] {
  return new Help()
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long == null ? [] : [{ value: long, description }]));
}

function valuesOfOption(option: Option, folder: string): Candidate[] {
  return STACK_OPTIONS.includes(option.attributeName())
    ? plain(environments(folder))
    : plain(option.argChoices ?? []);
}

function valuesOfArgument(
  command: string,
  argument: Argument | undefined,
  folder: string,
): Candidate[] {
  if (command === "completion") {
    return plain(SHELLS);
  }
  return argument?.name() === "connector" ? definitionNames(folder) : [];
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value, description: "" }));
}

/** Of a folder with faults, as far as it can be read. */
function definitionNames(folder: string): Candidate[] {
  try {
    const { definitions } = definitionsOf(
      load(definitionPaths([], folder), { from: folder }),
      undefined,
    );
    return definitions.map(({ name, type }) => ({ value: name, description: type }));
  } catch {
    return [];
  }
}

function environments(folder: string): readonly string[] {
  try {
    const { root, environments: overlays } = load(definitionPaths([], folder), { from: folder });
    return knownEnvironments(overlays, readStacks(root, folder));
  } catch {
    return [];
  }
}
