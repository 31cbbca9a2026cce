import {
  asNumber,
  type CallArguments,
  isTrue,
  kindOf,
  requireLength,
  TemplateFailure,
  textOf,
  type Value,
} from "./values";

/** Reads the arguments of a call by the names of its parameters. */
export class ArgumentReader {
  constructor(
    private readonly names: readonly string[],
    private readonly call: CallArguments,
  ) {
    if (
      call.positional.length > names.length ||
      [...call.named.keys()].some((name) => !names.includes(name))
    ) {
      throw new TemplateFailure("a call has arguments that it does not take");
    }
  }

  value(name: string): Value | undefined {
    const index = this.names.indexOf(name);
    return index < this.call.positional.length
      ? this.call.positional[index]
      : this.call.named.get(name);
  }

  required(name: string): Value {
    const value = this.value(name);
    if (value === undefined) {
      throw new TemplateFailure(`a call lacks its argument ${name}`);
    }
    return value;
  }

  text(name: string, byDefault: string): string {
    const value = this.value(name);
    return value === undefined ? byDefault : textOf(value);
  }

  flag(name: string): boolean {
    const value = this.value(name);
    return value !== undefined && isTrue(value);
  }

  /** A width in characters, or a number of items. */
  width(name: string, byDefault: number): number {
    const width = this.whole(name, byDefault);
    requireLength(width);
    return width;
  }

  whole(name: string, byDefault: number): number {
    const value = this.value(name);
    if (value === undefined) {
      return byDefault;
    }
    const number = asNumber(value);
    if (number === undefined) {
      throw new TemplateFailure(`${kindOf(value)} stands where a number must`);
    }
    return Number(number);
  }
}
