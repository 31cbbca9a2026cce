/**
 * `pulumi-connectors completion <shell>`: prints a script for the shell. The script asks
 * `completion --complete` what can follow the words before the cursor.
 */
import { type Command, Option } from "commander";
import { candidatesFor } from "./completion/candidates";
import { COMPLETION_SCRIPTS, SHELLS, type Shell } from "./completion/scripts";
import { type CommandRow } from "./command";
import { CliError, EXIT } from "./errors";

const EXAMPLES = `
Examples:
  $ pulumi-connectors completion bash >> ~/.bashrc
    for bash
  $ pulumi-connectors completion zsh >> ~/.zshrc
    for zsh; after compinit
  $ pulumi-connectors completion fish \\
      > ~/.config/fish/completions/pulumi-connectors.fish
    for fish

Completes commands, options, their values, stacks, and the names of definitions.
The command must be on the PATH: install it globally, or define an alias:
alias pulumi-connectors='npx pulumi-connectors'

Exit code: 0 printed, 2 wrong usage.`;

/** Adds options, help and action. */
export function configure(command: Command, all: readonly CommandRow[]): void {
  command
    .argument("[shell]")
    .argument("[words...]")
    .usage(`[options] <${SHELLS.join("|")}>`)
    .addOption(new Option("--complete", "print what can follow the words").hideHelp())
    .addHelpText("after", EXAMPLES)
    .action(
      async (shell: string | undefined, words: string[], { complete }: { complete?: boolean }) => {
        const given = [...(shell === undefined ? [] : [shell]), ...words];
        process.stdout.write(complete ? await completions(given, all) : scriptFor(given));
      },
    );
}

async function completions(words: readonly string[], all: readonly CommandRow[]): Promise<string> {
  const candidates = await candidatesFor(words, all, process.cwd());
  return candidates.map(({ value, description }) => `${value}\t${description}\n`).join("");
}

function scriptFor([shell, ...more]: readonly string[]): string {
  if (!isShell(shell) || more.length > 0) {
    throw new CliError(`name one shell: ${SHELLS.join(", ")}.`, EXIT.usage);
  }
  return COMPLETION_SCRIPTS[shell];
}

function isShell(name: string | undefined): name is Shell {
  return SHELLS.some((shell) => shell === name);
}
