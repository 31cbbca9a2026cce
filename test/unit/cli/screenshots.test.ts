/**
 * The images of the documentation match the output of the commands, which fits a terminal of 80
 * columns.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Command } from "commander";
import * as exporting from "../../../provider/cli/export";
import * as plan from "../../../provider/cli/plan";
import * as sandbox from "../../../provider/cli/sandbox";
import { printMessage } from "../../../provider/cli/terminal/style";
import { chopped, columnsOf, shortened } from "../../../provider/cli/terminal/text-width";
import * as validate from "../../../provider/cli/validate";
import { imageOf, imagePath, SCREENS, shownText } from "../../../scripts/screenshots/screens";
import { screenSvg, textOf } from "../../../scripts/screenshots/svg";

const ROOT = join(__dirname, "../../..");

test.each(SCREENS)(
  "the image of $command matches the output; to update it, run `npm run screenshots`",
  async (screen) => {
    const printed = await screen.print();
    const image = readFileSync(join(ROOT, imagePath(screen)), "utf8");
    expect(textOf(image)).toBe(stripVTControlCharacters(shownText(screen, printed)));
    expect(image).toBe(imageOf(screen, printed));
  },
);

test("an image holds the text, its colours and its columns", () => {
  const svg = screenSvg("A & B", "\u001b[1m<a>\u001b[22m 検 \u001b[31mx\n y\u001b[39m\n");
  expect(svg).toContain('<title id="title">A &amp; B</title>');
  expect(svg).toContain(
    '<tspan x="20" textLength="25.2" class="bold">&lt;a&gt;</tspan><tspan x="45.2" textLength="33.6"> 検 </tspan><tspan x="78.8" textLength="8.4" class="red">x</tspan></text>',
  );
  expect(svg).toContain('<tspan x="20" textLength="16.8" class="red"> y</tspan></text>');
  expect(textOf(svg)).toBe("<a> 検 x\n y\n");
});

test.each([
  ["a line that is too wide", "x".repeat(81), "wider than 80 columns"],
  ["a colour that cannot be read everywhere", "\u001b[33mx\u001b[39m", "No colour of ours: 33"],
  ["a control character", "a\u0007", "A control character"],
])("%s is rejected", (_, text, message) => expect(() => screenSvg("", text)).toThrow(message));

test.each(Object.entries({ validate, plan, export: exporting, sandbox }))(
  "%s --help fits 80 columns, and ends with its last line",
  (name, { configure }) => {
    let text = "";
    const program = new Command("pulumi-connectors");
    const command = program
      .command(name)
      .configureOutput({ writeOut: (part) => void (text += part), getOutHelpWidth: () => 80 });
    configure(command);
    command.outputHelp();
    expect(text).toContain("Examples:\n  $ pulumi-connectors");
    expect(text.split("\n").filter((line) => columnsOf(line) > 80)).toEqual([]);
    expect(text).toMatch(/\S\n$/);
  },
);

test("a line of any length is shortened and cut in a time that its length bounds", () => {
  for (const character of ["x", "→"]) {
    const line = character.repeat(1_000_000);
    const width = columnsOf(character);
    expect(columnsOf(line)).toBe(width * 1_000_000);
    expect(shortened(line, 9)).toBe(`${character.repeat(8 / width)}…`);
    expect(chopped(line, 70)).toHaveLength(Math.ceil((width * 1_000_000) / 70));
    expect(chopped(line, 70).join("")).toBe(line);
  }
});

test("a failure is one line in a log, and wrapped on a terminal", () => {
  const printed = (isTTY: boolean): string => {
    let text = "";
    printMessage("error", `${"word ".repeat(20)}end`, {
      isTTY,
      write: (part: string) => (text += part),
    } as unknown as NodeJS.WriteStream);
    return stripVTControlCharacters(text);
  };
  expect(printed(false)).toBe(`error: ${"word ".repeat(20)}end\n`);
  expect(printed(true).split("\n")).toEqual(
    [`error: ${"word ".repeat(14)}word`.slice(0, 77).trimEnd(), "word ".repeat(6) + "end", ""].map(
      (line) => line.trimEnd(),
    ),
  );
});
