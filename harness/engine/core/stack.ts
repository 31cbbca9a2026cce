import {
  type Config,
  type DestroyOptions,
  type RefreshOptions,
  type RunOptions,
  type RunResult,
  type Stack,
  type StateDeployment,
} from "../types";
import { type OperationSettings } from "./operation";
import { type StackState } from "./resource-state";
import { describeState } from "./result";

/** The operations on a stack, wherever its state, its config and its program are. */
export abstract class EngineStack<R extends RunResult = RunResult> implements Stack {
  abstract readonly name: string;

  abstract setConfig(config: Config): Promise<void>;
  abstract removeConfig(keys: string[]): Promise<void>;
  abstract rawState(): Promise<string>;
  abstract cancel(): Promise<void>;
  abstract remove(): Promise<void>;

  preview(options: RunOptions = {}): Promise<R> {
    return this.run({
      title: "Previewing update",
      mode: "update",
      preview: true,
      runProgram: true,
      refresh: options.refresh ?? false,
      options,
    });
  }

  up(options: RunOptions = {}): Promise<R> {
    return this.run({
      title: "Updating",
      mode: "update",
      preview: false,
      runProgram: true,
      refresh: options.refresh ?? false,
      options,
    });
  }

  refresh(options: RefreshOptions = {}): Promise<R> {
    const preview = options.previewOnly ?? false;
    const runProgram = options.runProgram ?? false;
    const title = preview ? "Previewing refresh" : "Refreshing";
    return this.run(
      { title, mode: "refresh", preview, runProgram, refresh: !runProgram, options },
      options.clearPendingCreates,
    );
  }

  destroy(options: DestroyOptions = {}): Promise<R> {
    const preview = options.previewOnly ?? false;
    const title = preview ? "Previewing destroy" : "Destroying";
    return this.run({
      title,
      mode: "destroy",
      preview,
      runProgram: options.runProgram ?? false,
      refresh: options.refresh ?? false,
      options,
    });
  }

  exportState(): Promise<StateDeployment> {
    return Promise.resolve(describeState(this.readState()));
  }

  protected abstract readState(): StackState;
  protected abstract run(settings: OperationSettings, clearPendingCreates?: boolean): Promise<R>;
}

/** A state without the creates that an interrupted deployment left open. */
export function withoutPendingCreates(state: StackState): StackState {
  return { ...state, operations: state.operations.filter(({ type }) => type !== "creating") };
}
