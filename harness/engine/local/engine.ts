import { makeTempFolder } from "../temp-folder";
import { type Engine, type Stack, type StackOptions } from "../types";
import { LocalStack } from "./stack";

/**
 * The engine for machines without the Pulumi CLI. See the README of this folder for what it does
 * and does not do.
 */
export class LocalEngine implements Engine {
  readonly name = "local";

  stack(options: StackOptions): Promise<Stack> {
    return Promise.resolve(new LocalStack(makeTempFolder("stack"), options));
  }
}
