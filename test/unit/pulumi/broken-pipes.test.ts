import { EventEmitter } from "node:events";
import { exitOnBrokenPipes } from "../../../provider/pulumi/provider/broken-pipes";

function processOf(script: string): { process: NodeJS.Process; exits: unknown[] } {
  const exits: unknown[] = [];
  const [stdout, stderr] = [new EventEmitter(), new EventEmitter()];
  const process = {
    argv: ["node", script],
    stdout,
    stderr,
    exit: (code: number) => exits.push(code),
  };
  return { process: process as unknown as NodeJS.Process, exits };
}

test.each(["stdout", "stderr"] as const)("a provider process exits when %s breaks", (name) => {
  const { process, exits } = processOf("/srv/node_modules/@pulumi/pulumi/cmd/dynamic-provider");
  exitOnBrokenPipes(process);
  process[name].emit("error", new Error("write EPIPE"));
  expect(exits).toEqual([1]);
});

test.each(["/srv/node_modules/.bin/jest", "/srv/dynamic-provider.test.js"])(
  "%s, which imports the package, keeps its own handling",
  (script) => {
    const { process } = processOf(script);
    exitOnBrokenPipes(process);
    expect(process.stdout.listenerCount("error") + process.stderr.listenerCount("error")).toBe(0);
  },
);
