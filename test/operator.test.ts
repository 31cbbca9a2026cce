/**
 * The operator's manifests that users copy: what they say exists, both for the operator and in this
 * repository.
 */
import Ajv from "ajv";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readSettings } from "../provider/pulumi/provider/stack-settings";
import { databar } from "../provider/vendors/databar/vendor";
import { supermetrics } from "../provider/vendors/supermetrics/vendor";
import {
  type Manifest,
  manifests,
  operatorStack,
  runtimeOf,
  type ValueRef,
} from "../harness/operator";
import { read, ROOT, trackedFiles } from "../harness/sources";

const text = { type: "string", minLength: 1 };
const flag = { type: "boolean" };

/** Everything that is named is required, and nothing else may be there. */
const object = (
  properties: Readonly<Record<string, object>>,
  optional: readonly string[] = [],
): object => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const mapOf = (additionalProperties: object): object => ({ type: "object", additionalProperties });

const metadata = object({ name: { ...text, maxLength: 42 }, namespace: text });
const valueRef = {
  oneOf: [
    object({ type: { const: "Secret" }, secret: object({ name: text, key: text }) }),
    object({ type: { const: "Literal" }, literal: object({ value: text }) }),
  ],
};
const amounts = object({ cpu: text, memory: text }, ["cpu", "memory"]);

/**
 * By kind: the fields of the operator's API and of Kubernetes' that the example uses, and no other.
 */
const SCHEMAS: Readonly<Record<string, object>> = {
  Stack: object({
    apiVersion: { const: "pulumi.com/v1" },
    kind: { const: "Stack" },
    metadata,
    spec: object({
      ...{ serviceAccountName: text, stack: text },
      ...{
        projectRepo: { ...text, pattern: "^https://" },
        branch: text,
        repoDir: text,
        shallow: flag,
      },
      ...{
        resyncFrequencySeconds: { type: "integer", minimum: 60 },
        continueResyncOnCommitMatch: flag,
        refresh: flag,
        destroyOnFinalize: flag,
      },
      ...{ envRefs: mapOf(valueRef), config: mapOf(text), secretsRef: mapOf(valueRef) },
      workspaceTemplate: object({
        spec: object({
          image: text,
          securityProfile: { enum: ["baseline", "restricted"] },
          resources: object({ requests: amounts, limits: amounts }),
        }),
      }),
    }),
  }),
  ServiceAccount: object({
    apiVersion: { const: "v1" },
    kind: { const: "ServiceAccount" },
    metadata,
  }),
  ClusterRoleBinding: object({
    apiVersion: { const: "rbac.authorization.k8s.io/v1" },
    kind: { const: "ClusterRoleBinding" },
    metadata: object({ name: text }),
    roleRef: object({ apiGroup: text, kind: { const: "ClusterRole" }, name: text }),
    subjects: {
      type: "array",
      items: object({ kind: { const: "ServiceAccount" }, name: text, namespace: text }),
    },
  }),
};

const ajv = new Ajv({ allErrors: true });
const faultsOf = (manifest: Manifest): string[] => {
  const validate = ajv.compile(SCHEMAS[manifest.kind] ?? false);
  return validate(manifest)
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message }) => `${instancePath} ${message ?? ""}`,
      );
};

const stack = operatorStack();
const { spec } = stack;
const others = manifests("service-account.yaml");
const refs = Object.entries({ ...spec.envRefs, ...spec.secretsRef });

test("every field is one that the operator or Kubernetes knows, of its type, and a misspelt one would be told", () => {
  for (const manifest of [stack, ...others]) {
    expect([manifest.kind, faultsOf(manifest)]).toEqual([manifest.kind, []]);
  }
  expect(faultsOf({ ...stack, spec: { ...spec, repodir: "x" } } as Manifest)).toEqual([
    "/spec must NOT have additional properties",
  ]);
  expect(
    faultsOf({ ...stack, spec: { ...spec, config: { a: 1 } } } as unknown as Manifest),
  ).toEqual(["/spec/config/a must be string"]);
});

test("the pod has an account in its namespace, with the one role that the operator needs", () => {
  const [account, binding] = others;
  expect(account?.metadata).toEqual({
    name: spec.serviceAccountName,
    namespace: stack.metadata.namespace,
  });
  expect(binding).toMatchObject({
    roleRef: { name: "system:auth-delegator" },
    subjects: [{ kind: "ServiceAccount", ...account?.metadata }],
  });
  expect(others).toHaveLength(2);
});

test("the project is there, the stack is one of it, and the image is of a version that the package works with, without root", () => {
  expect(existsSync(join(ROOT, spec.repoDir, "Pulumi.yaml"))).toBe(true);
  const { name } = parse(read(`${spec.repoDir}/Pulumi.yaml`)) as { name: string };
  expect(spec.stack.split("/").slice(1, -1)).toEqual([name]);
  const [, minor] =
    /^pulumi\/pulumi:3\.(\d+)\.\d+-nonroot$/.exec(spec.workspaceTemplate.spec.image) ?? [];
  const { peerDependencies } = JSON.parse(read("package.json")) as {
    peerDependencies: Record<string, string>;
  };
  expect(Number(minor)).toBeGreaterThanOrEqual(
    Number(peerDependencies["@pulumi/pulumi"]!.split(".")[1]),
  );
});

test("its configuration is what the project's definitions name, as secrets; the package finds its settings in it and in the environment", () => {
  const definitions = trackedFiles().filter((file) =>
    file.startsWith(`${spec.repoDir}/connectors/`),
  );
  const named = definitions
    .flatMap((file) => [...read(file).matchAll(/\$\{config\.(\w+)\}/g)])
    .map(([, key]) => `definitions:${key}`);
  expect(named.length).toBeGreaterThan(0);
  expect(Object.keys(spec.secretsRef).sort()).toEqual([...new Set(named)].sort());

  const { config, env } = runtimeOf(stack, (key) => `value of ${key}`);
  const settings = [databar, supermetrics].map((vendor) =>
    readSettings(vendor, { get: (key) => config[key] }, env),
  );
  expect(settings.map(({ apiKey, inputs }) => [apiKey, inputs["teamId"]])).toEqual([
    ["value of DATABAR_API_KEY", undefined],
    ["value of SUPERMETRICS_API_KEY", spec.config["supermetrics:teamId"]],
  ]);
  expect(Object.keys(spec.config)).toEqual(["supermetrics:teamId"]);
  expect(Object.keys(env).sort()).toEqual([
    "DATABAR_API_KEY",
    "PULUMI_ACCESS_TOKEN",
    "SUPERMETRICS_API_KEY",
  ]);
});

test("no secret stands in them: each is a key of the one Secret that the README makes", () => {
  const [, made] = /# secrets\.env: (.*)\n/.exec(read("examples/operator/README.md")) ?? [];
  expect(refs.map(([, { type, secret }]: [string, ValueRef]) => [type, secret?.name])).toEqual(
    refs.map(() => ["Secret", "connectors"]),
  );
  expect(made?.split(", ").sort()).toEqual(refs.map(([, { secret }]) => secret!.key).sort());
});
