import { ConnectorError } from "../../errors";
import { type Ref } from "../../lifecycle/adapter";

/** Splits a resource id. A key's one workspace has no name of its own. Throws `invalid` when it is no positive whole number. */
export function parseDatabarId(id: string): Ref {
  if (/^[1-9]\d{0,18}$/.test(id)) return { scope: "", key: id };
  throw new ConnectorError("invalid", "A Databar connector id is a positive whole number, for example 42", { vendor: "Databar" });
}
