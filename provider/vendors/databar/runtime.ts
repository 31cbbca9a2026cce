/**
 * What the stored provider text of every Databar resource imports:
 * `pulumi-connectors/databar/runtime`. This path, the name `provider` and the verbs behind it are
 * state format and stay for ever.
 */
import { createRuntime } from "../../pulumi/provider/runtime";
import { databar } from "./vendor";

/** Configuration → the verbs that the engine calls. */
export const provider = createRuntime(databar);
