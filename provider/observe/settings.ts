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
    ...(!known && { fault: "PULUMI_CONNECTORS_LOG is neither debug nor off. No request is logged." }),
  };
}
