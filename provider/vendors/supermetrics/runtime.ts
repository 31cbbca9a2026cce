/**
 * What the stored provider text of every Supermetrics resource imports:
 * `pulumi-connectors/supermetrics/runtime`. This path, the name `provider` and the verbs behind it
 * are state format and stay for ever.
 */
import { createRuntime } from "../../pulumi/provider/runtime";
import { supermetrics } from "./vendor";

/** Configuration → the verbs that the engine calls. */
export const provider = createRuntime(supermetrics);
