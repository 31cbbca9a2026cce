import { type StateDeployment, type StateResource } from "../engine/types";
import { type Declared } from "./world";

type Args = Readonly<Record<string, unknown>>;

/** A Databar connector of a scenario; what is not said is small and valid. */
export function databar(args: Args = {}, options?: Args): Declared {
  return {
    type: "DatabarConnector",
    args: { name: "Scoring", method: "get", url: "https://api.example.com/v1/score", ...args },
    ...(options && { options }),
  };
}

/** A Supermetrics connector of a scenario. */
export function supermetrics(args: Args = {}, options?: Args): Declared {
  return {
    type: "SupermetricsConnector",
    args: { name: "Awin", ...args },
    ...(options && { options }),
  };
}

/** The first bytes of a PNG, and a text that makes each one different. */
export function png(content: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    Buffer.from(content),
  ]);
}

/** The resource of this name in a state. */
export function resource({ resources }: StateDeployment, name: string): StateResource {
  const found = resources.filter(
    ({ urn, type }) => urn.endsWith(`::${name}`) && !type.startsWith("pulumi:"),
  );
  if (found.length !== 1) {
    throw new Error(`${found.length} resources named ${name} in the state`);
  }
  return found[0]!;
}
