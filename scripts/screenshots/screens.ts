import { styleFor } from "../../provider/cli/terminal/style";
import { SCENES } from "../demo/scenes";
import { summary } from "../demo/summary";
import { planScreen, validateScreen } from "./commands";
import { screenSvg } from "./svg";

/** A terminal screen for the documentation. */
export interface Screen {
  /** The image is `docs/images/<name>.svg`. */
  readonly name: string;
  /** Alternative text. */
  readonly title: string;
  /** The command that a user types. */
  readonly command: string;
  /** The output with its color codes. */
  print(): Promise<string>;
}

const style = styleFor(process.stdout, { FORCE_COLOR: "1" });

export const SCREENS: readonly Screen[] = [
  {
    name: "validate",
    title:
      "pulumi-connectors validate finds a misspelt placeholder, a secret in clear text and a misspelt property, each with its line and what to write instead",
    command: "npx pulumi-connectors validate",
    print: validateScreen,
  },
  {
    name: "plan",
    title:
      "pulumi-connectors plan tells which connectors are created, updated and unchanged, with each value that changes",
    command: "npx pulumi-connectors plan",
    print: planScreen,
  },
  {
    name: "demo",
    title:
      "The demo's summary: what each of its seven steps came to, and how many API calls it took",
    command: "npm run demo",
    // A demo with another result fails.
    print: () =>
      Promise.resolve(
        `${style("dim", "…")}\n\n${summary(
          SCENES.map(({ title, expected }) => ({ title, ...expected })),
          style,
        )}`,
      ),
  },
];

/** Path of an image from the root. */
export function imagePath({ name }: Screen): string {
  return `docs/images/${name}.svg`;
}

/** The command and its output, as a terminal shows them. */
export function shownText({ command }: Screen, printed: string): string {
  return `${style("dim", "$")} ${style("bold", command)}\n${printed}`;
}

export function imageOf(screen: Screen, printed: string): string {
  return screenSvg(screen.title, shownText(screen, printed));
}
