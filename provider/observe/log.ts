import { constants, openSync, writeSync } from "node:fs";
import { jsonLine, type LogRecord, textLine } from "./record";

/** Where a process logs. */
export interface Log {
  /** Whether it goes to a file; else to standard error. */
  readonly toFile: boolean;
  write(record: LogRecord): void;
}

/**
 * The log that settings ask for, if they do. Nothing is opened before there is something to write.
 *
 * @param warn is told what is in the way, once; the log then holds no more.
 */
export function openLog(
  { requests, file, fault }: LogSettings,
  warn: (message: string) => void,
): Log | undefined {
  if (fault !== undefined) {
    warn(fault);
  }
  if (!requests) {
    return undefined;
  }
  return file === undefined
    ? { toFile: false, write: print }
    : { toFile: true, write: appendTo(file, warn) };
}

/** What waits and what it all came to is said to the person at the deployment anyway. */
function print(record: LogRecord): void {
  if (record.event === "request") {
    process.stderr.write(textLine(record));
  }
}

/**
 * Each line is written at once and whole, at the end of the file, wherever that is by then: other processes write to the
 * same file, and a provider can be killed at any moment.
 */
function appendTo(file: string, warn: (message: string) => void): (record: LogRecord) => void {
  let descriptor: number | undefined;
  let given = true;
  return (record) => {
    if (!given) {
      return;
    }
    try {
      writeSync((descriptor ??= openSync(file, APPEND)), jsonLine(record));
    } catch (error) {
      given = false;
      warn(
        `The file of PULUMI_CONNECTORS_LOG_FILE cannot be written (${codeOf(error)}). Requests are not logged any more.`,
      );
    }
  };
}

/** A pipe that nobody reads is a fault, and does not block the deployment. Windows has no such flag. */
const APPEND =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_APPEND |
  ((constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0);

function codeOf(error: unknown): string {
  return typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "string"
    ? error.code
    : "unknown";
}

/** What is to be logged, and where. */
export interface LogSettings {
  /** Whether each request is logged. */
  readonly requests: boolean;
  /** Where to, one JSON object a line. Default: standard error, one line for people each. */
  readonly file?: string;
  /** What is wrong with the settings; it does not name their values. */
  readonly fault?: string;
}

/**
 * Reads `PULUMI_CONNECTORS_LOG` (`debug` or `off`) and `PULUMI_CONNECTORS_LOG_FILE` (a path; on its own it stands for
 * `debug`). Empty is as good as not set. Never throws: a log is no reason to fail a deployment.
 */
export function readLogSettings(environment: NodeJS.ProcessEnv): LogSettings {
  const level = environment["PULUMI_CONNECTORS_LOG"]?.trim().toLowerCase() ?? "";
  const file = environment["PULUMI_CONNECTORS_LOG_FILE"]?.trim() ?? "";
  const requests = level === "debug" || (level === "" && file !== "");
  const known = requests || level === "" || level === "off";
  return {
    requests,
    ...(requests && file !== "" && { file }),
    ...(!known && {
      fault: "PULUMI_CONNECTORS_LOG is neither debug nor off. No request is logged.",
    }),
  };
}
