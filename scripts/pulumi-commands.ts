/**
 * The commands of Pulumi's CLI that the docs may use, each with the options that they show.
 * `npm run docs:commands` checks that the CLI on PATH has them.
 */
export const PULUMI_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  cancel: [],
  config: ["json", "show-secrets"],
  "config cp": ["stack", "dest"],
  "config set": ["secret", "stack"],
  "config set-all": ["json"],
  destroy: ["run-program"],
  import: [],
  login: [],
  new: ["generate-only"],
  preview: ["diff", "expect-no-changes", "policy-pack", "policy-pack-config"],
  refresh: [
    "run-program",
    "clear-pending-creates",
    "preview-only",
    "diff",
    "yes",
    "non-interactive",
  ],
  stack: ["show-urns"],
  "stack export": ["file"],
  "stack import": ["file"],
  "stack init": ["secrets-provider"],
  "stack ls": [],
  "stack output": ["json"],
  "stack rm": ["force"],
  "stack select": [],
  "state delete": [],
  "state taint": [],
  up: ["yes", "stack", "refresh", "replace", "target", "parallel", "skip-preview"],
};
