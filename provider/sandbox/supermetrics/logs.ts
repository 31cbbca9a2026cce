/** The operations on the run log of a connector. */
import { type Answer } from "../http-message";
import { type Call } from "./call";
import { errorAnswer } from "./errors";
import { success } from "./normalize";
import { type StoredConnector } from "./store";
import { parseInstant, parseLimit } from "./validate";

/** `GET …/logs`, newest first. The API documents no 404: an unknown connector has no entries. */
export function listLogs({ request, settings }: Call, record: StoredConnector | undefined): Answer {
  const limit = parseLimit(request.query.get("limit"));
  if (!("value" in limit)) {
    return errorAnswer(limit.statusCode, limit);
  }
  const until = request.query.get("before");
  const before = until === null ? { value: Infinity } : parseInstant("before", until);
  if (!("value" in before)) {
    return errorAnswer(before.statusCode, before);
  }
  const entries = (record?.logs ?? []).filter((entry) => Date.parse(entry.log_time) < before.value);
  entries.sort((a, b) => Date.parse(b.log_time) - Date.parse(a.log_time));
  return success(200, { logs: entries.slice(0, limit.value) }, settings.normalize);
}

/** `GET …/logs/{log_id}`. */
export function getLog(call: Call, record: StoredConnector): Answer {
  const entry = record.logs.find(({ id }) => id === call.params["log_id"]);
  return entry === undefined
    ? call.notFound("LOG_NOT_FOUND")
    : success(200, entry, call.settings.normalize);
}
