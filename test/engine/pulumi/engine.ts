import { type Engine, type Stack } from "../types";

export class PulumiEngine implements Engine {
  readonly name = "pulumi";
  stack(): Promise<Stack> {
    return Promise.reject(new Error("later"));
  }
}
