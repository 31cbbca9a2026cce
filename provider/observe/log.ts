import { constants, openSync, writeSync } from "node:fs";
import { errorCode } from "../errors";
import { jsonLine, type LogRecord, textLine } from "./record";

/** The destination of log records. */
export interface Log {
  write(record: LogRecord): void;
  /**
   * Prints a line below the requests, if they are shown. The CLI groups messages by where they come
   * from, so that one that comes another way would be shown before the requests.
   */
  readonly print?: (line: string) => void;
}

/**
 * The log that the settings ask for, or `undefined`. Opens the file at the first record.
 *
 * @param warn called once if the log cannot be written; later records are dropped
 * @param show shows a line where there is no file
 */
export function openLog(
  { requests, file, fault }: LogSettings,
  warn: (message: string) => void,
  show: (line: string) => void = toStandardError,
): Log | undefined {
  if (fault !== undefined) {
    warn(fault);
  }
  if (!requests) {
    return undefined;
  }
  return file === undefined
    ? { write: (record) => showRequest(record, show), print: show }
    : { write: appendTo(file, warn) };
}

/** Shows requests only: the other records are also shown as messages. */
function showRequest(record: LogRecord, show: (line: string) => void): void {
  if (record.event === "request") {
    show(textLine(record));
  }
}

function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Appends each line with one synchronous write, because other processes write to the same file and
 * a provider can be killed at any moment.
 */
function appendTo(file: string, warn: (message: string) => void): (record: LogRecord) => void {
  let descriptor: number | undefined;
  let isWritable = true;
  return (record) => {
    if (!isWritable) {
      return;
    }
    try {
      writeSync((descriptor ??= openSync(file, APPEND)), jsonLine(record));
    } catch (error) {
      isWritable = false;
      warn(
        `The file of PULUMI_CONNECTORS_LOG_FILE cannot be written (${errorCode(error)}). Requests are not logged any more.`,
      );
    }
  };
}

/**
 * Non-blocking, so that a pipe without a reader fails instead of blocking the deployment. Windows
 * has no such flag.
 */
const APPEND =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_APPEND |
  ((constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0);

/** What to log, and where. */
export interface LogSettings {
  /** Whether each request is logged. */
  readonly requests: boolean;
  /**
   * The file, with one JSON object per line. Default: standard error, or the engine's log where
   * that is not shown, with one line of text per request.
   */
  readonly file?: string;
  /** What is wrong with the settings, without their values. */
  readonly fault?: string;
}

/**
 * Reads `PULUMI_CONNECTORS_LOG` (`debug` or `off`) and `PULUMI_CONNECTORS_LOG_FILE` (a path, which
 * alone implies `debug`). An empty variable counts as unset. Never throws, because a log is no
 * reason to fail a deployment.
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
