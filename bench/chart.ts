/**
 * An SVG chart of cost against N: one line per kind of resource, logarithmic axes, for light and
 * dark pages.
 */
import { median } from "./stats";

/** The duration of one deployment of `n` connectors. */
export interface Point {
  readonly kind: string;
  readonly n: number;
  readonly seconds: number;
}

const WIDTH = 760;
const HEIGHT = 440;
const AREA = { left: 70, right: 560, top: 50, bottom: 385 };

/** The colors are readable on white and on black. */
const SERIES: readonly { readonly kind: string; readonly label: string; readonly color: string }[] =
  [
    { kind: "usual", label: "the usual dynamic resource", color: "#d9480f" },
    { kind: "single", label: "one resource per connector", color: "#1c7ed6" },
    { kind: "native", label: "one native resource each", color: "#9c36b5" },
    { kind: "empty", label: "empty resource", color: "#868e96" },
    { kind: "fleet", label: "one fleet", color: "#2f9e44" },
    { kind: "nativeFleet", label: "one native fleet", color: "#d6336c" },
  ];

interface Scale {
  readonly from: number;
  readonly to: number;
}

/** @returns undefined if there are fewer than two sizes. */
export function chart(points: readonly Point[], subtitle: string): string | undefined {
  const sizes = [...new Set(points.map(({ n }) => n))];
  if (sizes.length < 2) {
    return undefined;
  }
  const x = paddedScale(sizes);
  const y = paddedScale(points.map(({ seconds }) => seconds));
  const series = SERIES.map((each) => ({
    ...each,
    points: mediansOf(points.filter(({ kind }) => kind === each.kind)),
  })).filter((each) => each.points.length > 0);
  const at = ({ n, seconds }: Omit<Point, "kind">): readonly [number, number] => [
    place(n, x, AREA.left, AREA.right),
    place(seconds, y, AREA.bottom, AREA.top),
  ];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Seconds of one pulumi up against the number of connectors">`,
    "<style>text{font:13px system-ui,sans-serif;fill:#495057}.title{font-size:16px;font-weight:600}.grid{stroke:#868e96;stroke-opacity:.3}.line{fill:none;stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#ced4da}}</style>",
    `<text class="title" x="${AREA.left}" y="22">One pulumi up that creates N connectors</text>`,
    `<text x="${AREA.left}" y="40">${subtitle}</text>`,
    ...ticks(x).map((n) =>
      grid(place(n, x, AREA.left, AREA.right), undefined, n.toLocaleString("en")),
    ),
    ...ticks(y).map((seconds) =>
      grid(undefined, place(seconds, y, AREA.bottom, AREA.top), String(seconds)),
    ),
    `<text x="${(AREA.left + AREA.right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">connectors (N)</text>`,
    `<text transform="translate(18 ${(AREA.top + AREA.bottom) / 2}) rotate(-90)" text-anchor="middle">seconds</text>`,
    ...series.map(({ color, points: line }) => lineOf(color, line.map(at))),
    ...spaced(
      series.map(({ label, color, points: line }) => ({
        label,
        color,
        y: at(line.at(-1) ?? { n: x.to, seconds: y.from })[1],
      })),
    ).map(
      ({ label, color, y: height }) =>
        `<text x="${AREA.right + 12}" y="${round(height + 4)}" style="fill:${color}">${label}</text>`,
    ),
    "</svg>",
  ].join("\n")}\n`;
}

function mediansOf(points: readonly Point[]): { n: number; seconds: number }[] {
  const sizes = [...new Set(points.map(({ n }) => n))].sort((a, b) => a - b);
  return sizes.map((n) => ({
    n,
    seconds: median(points.filter((point) => point.n === n).map(({ seconds }) => seconds)),
  }));
}

/** A scale with padding at both ends. */
function paddedScale(values: readonly number[]): Scale {
  return { from: Math.min(...values) / 1.2, to: Math.max(...values) * 1.2 };
}

function place(value: number, { from, to }: Scale, start: number, end: number): number {
  return round(start + ((end - start) * Math.log(value / from)) / Math.log(to / from));
}

/** 1, 2, 5, 10, … within the scale. */
function ticks({ from, to }: Scale): number[] {
  const decades = Array.from({ length: 12 }, (_, index) => index - 4);
  return decades
    .flatMap((decade) => [1, 2, 5].map((digit) => Number((digit * 10 ** decade).toPrecision(1))))
    .filter((value) => value >= from && value <= to);
}

function grid(x: number | undefined, y: number | undefined, label: string): string {
  return x === undefined
    ? `<path class="grid" d="M${AREA.left} ${y}H${AREA.right}"/><text x="${AREA.left - 8}" y="${(y ?? 0) + 4}" text-anchor="end">${label}</text>`
    : `<path class="grid" d="M${x} ${AREA.top}V${AREA.bottom}"/><text x="${x}" y="${AREA.bottom + 18}" text-anchor="middle">${label}</text>`;
}

function lineOf(color: string, line: readonly (readonly [number, number])[]): string {
  const dots = line
    .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${color}"/>`)
    .join("");
  return `<path class="line" stroke="${color}" d="M${line.map((point) => point.join(" ")).join("L")}"/>${dots}`;
}

/** Labels at the ends of their lines, moved apart where they would overlap. */
function spaced<T extends { readonly y: number }>(labels: readonly T[]): T[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let last = -Infinity;
  return sorted.map((label) => ({ ...label, y: (last = Math.max(label.y, last + 18)) }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
