import { isProviderType, parseUrn, STACK_TYPE, urnType } from "./urn";

/**
 * The URNs that an operation is limited to; `*` and `**` stand for any text. Without any, it is not
 * limited.
 */
export class Targets {
  private readonly patterns: RegExp[];

  constructor(readonly urns: string[] = []) {
    this.patterns = urns.map((urn) => new RegExp(`^${urn.split(/\*+/).map(escape).join(".*")}$`));
  }

  get limited(): boolean {
    return this.urns.length > 0;
  }

  includes(urn: string): boolean {
    return !this.limited || this.patterns.some((pattern) => pattern.test(urn));
  }

  /** Of `--replace`: without any, none. */
  names(urn: string): boolean {
    return this.limited && this.includes(urn);
  }

  /** Providers and the stack are part of every update. */
  includesForUpdate(urn: string): boolean {
    return (
      this.includes(urn) ||
      isProviderType(urnType(urn)) ||
      parseUrn(urn).qualifiedType === STACK_TYPE
    );
  }

  /** The targets, patterns excepted, that name nothing in `known`. */
  unknown(known: (urn: string) => boolean): string[] {
    return this.urns.filter((urn) => !urn.includes("*") && !known(urn));
  }
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
