import { type StepOp } from "../types";

export interface Painter {
  bold(text: string): string;
  error(text: string): string;
  warning(text: string): string;
  op(op: StepOp | "add" | "delete" | "update", text: string): string;
}

export function painter(enabled: boolean): Painter {
  const paint =
    (code: number) =>
    (text: string): string =>
      enabled ? `\u001B[${code}m${text}\u001B[0m` : text;
  const [bold, red, green, yellow, blue, plain] = [
    paint(1),
    paint(31),
    paint(32),
    paint(33),
    paint(34),
    (text: string): string => text,
  ];
  const byOp: Partial<Record<string, (text: string) => string>> = {
    create: green,
    add: green,
    update: yellow,
    delete: red,
    replace: blue,
    read: blue,
  };
  return { bold, error: red, warning: yellow, op: (op, text) => (byOp[op] ?? plain)(text) };
}
