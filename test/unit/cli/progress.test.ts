/** Progress is shown on a terminal that somebody watches, and nowhere else. */
import { PassThrough } from "node:stream";
import { notifierOn, Progress } from "../../../provider/cli/terminal/progress";

const before = { ...process.env };
beforeEach(() => {
  process.env["TERM"] = "xterm";
  process.env["CI"] = "";
});
afterEach(() => void (process.env = { ...before }));

/** What a stream receives; `isTTY` says that it is a terminal. */
function stream(isTTY: boolean): { output: NodeJS.WriteStream; text: () => string } {
  const output = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  return { output, text: () => String((output as unknown as PassThrough).read() ?? "") };
}

function shown(isTTY: boolean, quiet = false): string {
  const { output, text } = stream(isTTY);
  const progress = new Progress("Reading", output, quiet);
  progress.at(1, 2);
  progress.at(2, 2);
  progress.end();
  notifierOn(output, quiet).warn("w");
  return text();
}

test("on a terminal, the line is replaced, and removed at the end", () =>
  expect(shown(true)).toBe(
    "\r\u001b[KReading 1 of 2\r\u001b[KReading 2 of 2\r\u001b[K\r\u001b[Kwarning: w\n",
  ));
test("CI=false is no pipeline", () => {
  process.env["CI"] = "false";
  expect(shown(true)).toContain("Reading 2 of 2");
});
test.each<[string, boolean, Readonly<Record<string, string>>]>([
  ["a file or a pipe", false, {}],
  ["a terminal that cannot erase (TERM=dumb)", true, { TERM: "dumb" }],
  ["the log of a pipeline (CI)", true, { CI: "true" }],
])("in %s, nothing but plain messages", (_, isTTY, environment) => {
  Object.assign(process.env, environment);
  expect(shown(isTTY)).toBe("warning: w\n");
});
test("with --quiet, only warnings", () => expect(shown(true, true)).toBe("\r\u001b[Kwarning: w\n"));
