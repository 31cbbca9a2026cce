/** Renders terminal output as an SVG with selectable text, for light and dark pages. */
import { columnsOf, WIDTH } from "../../provider/cli/terminal/text-width";

/** Styles of a piece of text: class names in the SVG. */
type Mark = "bold" | "dim" | "red" | "green" | "magenta";

interface Run {
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** The style that each code starts, and the styles that it ends. */
const CODES: Readonly<Record<string, { readonly begins?: Mark; readonly ends?: readonly Mark[] }>> =
  {
    1: { begins: "bold" },
    2: { begins: "dim" },
    22: { ends: ["bold", "dim"] },
    31: { begins: "red" },
    32: { begins: "green" },
    35: { begins: "magenta" },
    39: { ends: ["red", "green", "magenta"] },
  };

/** In pixels. A monospace character is about 0.6 of the font size wide. */
const SIZE = 14;
const CELL = 8.4;
const LINE = 20;
const MARGIN = 20;

const LIGHT = {
  page: "#f6f8fa",
  edge: "#d1d9e0",
  text: "#1f2328",
  dim: "#59636e",
  red: "#cf222e",
  green: "#116329",
  magenta: "#8250df",
};
const DARK: typeof LIGHT = {
  page: "#161b22",
  edge: "#3d444d",
  text: "#e6edf3",
  dim: "#9198a1",
  red: "#ff7b72",
  green: "#7ee787",
  magenta: "#d2a8ff",
};

/**
 * Renders a command's output as an SVG, 80 columns wide. The same text gives the same bytes.
 *
 * @param title alternative text.
 * @throws for a line that is wider, and for an unknown code: an image never shows less than the
 *   text.
 */
export function screenSvg(title: string, text: string): string {
  const lines = runsOf(text.replace(/\n+$/, ""));
  const width = Math.round(WIDTH * CELL + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    `<style>${css(LIGHT)}@media(prefers-color-scheme:dark){${css(DARK)}}text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:${SIZE}px;white-space:pre}.bold{font-weight:700}</style>`,
    `<rect class="page" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...lines.map(
      (runs, index) =>
        `<text xml:space="preserve" y="${MARGIN + index * LINE + SIZE}">${spans(runs)}</text>`,
    ),
    "</svg>",
  ].join("\n")}\n`;
}

/** The text of an SVG, without colors. */
export function textOf(svg: string): string {
  const lines = [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, spans = ""]) =>
    spans.replace(/<[^>]*>/g, ""),
  );
  return lines
    .map(
      (line) =>
        `${line.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")}\n`,
    )
    .join("");
}

/** Styles last until a code ends them, across lines. */
function runsOf(text: string): Run[][] {
  let marks: readonly Mark[] = [];
  return text.split("\n").map((line) => {
    const runs: Run[] = [];
    for (const [index, piece] of line.split(/\u001b\[([\d;]*)m/).entries()) {
      if (index % 2 === 1) {
        marks = piece.split(";").reduce(applied, marks);
      } else if (piece !== "") {
        runs.push({ text: piece, marks });
      }
    }
    const plain = runs.map((run) => run.text).join("");
    if (columnsOf(plain) > WIDTH) {
      throw new Error(`A line is wider than ${WIDTH} columns: ${plain}`);
    }
    if (/[\u0000-\u001f]/.test(plain)) {
      throw new Error(`A control character: ${JSON.stringify(plain)}`);
    }
    return runs;
  });
}

function applied(marks: readonly Mark[], code: string): readonly Mark[] {
  const { begins, ends = [] } = CODES[code] ?? {};
  if (begins === undefined && ends.length === 0) {
    throw new Error(`No colour of ours: ${code}`);
  }
  return [
    ...marks.filter((mark) => !ends.includes(mark)),
    ...(begins === undefined ? [] : [begins]),
  ];
}

/** Places each piece at its column and scales it to its width, independent of the font. */
function spans(runs: readonly Run[]): string {
  let column = 0;
  const pieces = runs.flatMap(({ text, marks }) =>
    text
      .split(/( {2,})/)
      .filter((piece) => piece !== "")
      .map((piece): Run => ({ text: piece, marks })),
  );
  return pieces
    .map(({ text, marks }) => {
      const at = column;
      const columns = columnsOf(text);
      column += columns;
      const looks = marks.length === 0 ? "" : ` class="${marks.join(" ")}"`;
      return `<tspan x="${pixels(MARGIN + at * CELL)}" textLength="${pixels(columns * CELL)}"${looks}>${escaped(text)}</tspan>`;
    })
    .join("");
}

function css({ page, edge, text, ...colours }: typeof LIGHT): string {
  return `.page{fill:${page};stroke:${edge}}text{fill:${text}}${Object.entries(colours)
    .map(([mark, colour]) => `.${mark}{fill:${colour}}`)
    .join("")}`;
}

function pixels(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
