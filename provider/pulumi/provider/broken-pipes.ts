/**
 * Ends the provider process when its output has no reader, because the CLI was killed.
 * Otherwise Pulumi's SDK answers each failed write with another one, and the process uses a whole
 * core for ever. Leaves all other processes that load this package alone, such as tests of
 * programs.
 */
export function exitOnBrokenPipes(self: NodeJS.Process = process): void {
  if (!/[\\/]dynamic-provider([\\/]|$)/.test(self.argv[1] ?? "")) {
    return;
  }
  for (const stream of [self.stdout, self.stderr]) {
    stream.on("error", () => self.exit(1));
  }
}
