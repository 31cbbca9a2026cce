import * as pulumi from "@pulumi/pulumi";
import { SECRET_KEYS } from "../../examples/gitops/config";
import { isObject, type JsonObject } from "../../provider/json";
import { PROVIDER_KEY } from "../../provider/pulumi/program/provider-text";

/** A resource as declared by a program, with secrets in plain text. */
export interface DeclaredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: JsonObject;
}

/** The resources of examples/gitops, without logos. Runs the program without an engine. */
export async function declaredByGitops(): Promise<readonly DeclaredResource[]> {
  const declared: DeclaredResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        declared.push({
          type,
          name,
          inputs: inClear({
            ...(inputs as JsonObject),
            [PROVIDER_KEY]: undefined,
            logo: undefined,
          }) as JsonObject,
        });
        return { id: name, state: {} };
      },
      call: () => ({}),
    },
    "gitops",
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(SECRET_KEYS.map((key) => [`gitops:${key}`, `${key}-canary`])),
  );
  jest.requireActual("../../examples/gitops");
  await pulumi.runtime.disconnect();
  return declared;
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Removes the SDK's secret envelopes from a value. */
function inClear(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inClear);
  }
  if (!isObject(value)) {
    return value;
  }
  if (SIGNATURE in value) {
    return inClear(value["value"]);
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [[key, inClear(item)]],
    ),
  );
}
