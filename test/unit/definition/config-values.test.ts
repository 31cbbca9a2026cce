/** `${config.…}` leads to the same value in a program as in the commands, at any depth. */
import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../../../provider/cli/config";
import { readStacks } from "../../../provider/definition/read/pulumi-files";
import { registrations } from "../../../provider/definition/register/registrations";
import { validateFiles } from "../../../provider/definition/validate/validate";
import { databarFile, folderOf, removeFolders } from "../../../harness/definition-folder";

const home = process.cwd();
beforeAll(() =>
  pulumi.runtime.setMocks(
    { newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) },
    "shop",
  ),
);
afterEach(() => {
  process.chdir(home);
  pulumi.runtime.setAllConfig({});
  removeFolders();
});

const LONG = "12345678901234567890";
/** As `pulumi config set --path` writes it. */
const STACK_FILE = `config:
  shop:flat: plain
  shop:dotted.key: whole
  shop:dotted:
    key: part
    other: 1
  shop:text: '{"within": "json", "list": [1, {"deep": true}], "long": ${LONG}}'
  shop:db:
    host: a.example
    port: 5432
    nothing: null
    x.y: odd
    id: "${LONG}"
    replicas:
      - host: b.example
  other:db:
    host: c.example
  shop:login:
    user: bob
    password:
      secure: v1:AAAA
`;
/** As the engine gives the same to a program, decrypted. */
const PROGRAM_CONFIG = {
  "shop:flat": "plain",
  "shop:dotted.key": "whole",
  "shop:dotted": '{"key":"part","other":1}',
  "shop:text": `{"within": "json", "list": [1, {"deep": true}], "long": ${LONG}}`,
  "shop:db": `{"host":"a.example","port":5432,"nothing":null,"x.y":"odd","id":"${LONG}","replicas":[{"host":"b.example"}]}`,
  "other:db": '{"host":"c.example"}',
  "shop:login": '{"user":"bob","password":"canary"}',
};

const CASES: readonly [name: string, value: string | undefined][] = [
  ["flat", "plain"],
  ["shop:flat", "plain"],
  ["dotted.key", "whole"],
  ["dotted.other", "1"],
  ["text.within", "json"],
  ["text.long", LONG],
  ["text.list[0]", "1"],
  ["text.list[1].deep", "true"],
  ["text.list[1]", '{"deep":true}'],
  ["db.host", "a.example"],
  ['db["host"]', "a.example"],
  ["db.port", "5432"],
  ["db.id", LONG],
  ['db["x.y"]', "odd"],
  ["db.replicas[0].host", "b.example"],
  ["db.replicas", '[{"host":"b.example"}]'],
  ["other:db.host", "c.example"],
  ["db.nothing", undefined],
  ["db.missing", undefined],
  ["db.host.length", undefined],
  ["db.constructor", undefined],
  ["db.replicas[1]", undefined],
  ["db.replicas.length", undefined],
  ["flat.within", undefined],
  ["nowhere.within", undefined],
];

function inCommand(files: Readonly<Record<string, string>>, name: string) {
  const folder = folderOf({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n", ...files });
  const stacks = readStacks(folder, folder);
  return readConfig(stacks, { environment: "prod" }).get(name);
}

function inProgram(name: string): Promise<{ value: unknown; isSecret: boolean }> | string {
  process.chdir(
    folderOf({
      "connectors/a.json": databarFile({ a: { headers: { X: `\${config.${name}}` } } }),
    }),
  );
  pulumi.runtime.setAllConfig(PROGRAM_CONFIG, ["shop:login"]);
  try {
    const [registration] = registrations({ path: "connectors" });
    const { headers } = registration!.properties as { headers: { X: unknown } };
    const given = pulumi.output(headers.X as string);
    return Promise.all([
      new Promise((done) => given.apply(done)),
      pulumi.isSecret(given),
    ] as const).then(([value, isSecret]) => ({ value, isSecret }));
  } catch (error) {
    return (error as Error).message;
  }
}

test.each(CASES)("%s", async (name, value) => {
  expect(inCommand({ "Pulumi.prod.yaml": STACK_FILE }, name)?.value).toBe(value);
  const found = await inProgram(name);
  if (value === undefined) {
    expect(found).toMatch(/the stack does not set shop:.*\. Run pulumi config set (--path )?\S+ …/);
  } else {
    expect(found).toEqual({ value, isSecret: false });
  }
});

test("what is beside an encrypted value is secret, in a program as in a command", async () => {
  const files = { "Pulumi.prod.yaml": STACK_FILE };
  expect(inCommand(files, "login.user")).toEqual({ secret: true, value: "bob" });
  expect(inCommand(files, "login.password")).toEqual({ secret: true });
  expect(inCommand(files, "login")).toEqual({ secret: true, isStructured: true });
  expect(inCommand(files, "login.missing")).toBeUndefined();
  expect(await inProgram("login.user")).toEqual({ value: "bob", isSecret: true });
  expect(await inProgram("login.password")).toEqual({ value: "canary", isSecret: true });
});

test("a stack's value hides what Pulumi.yaml has within the same key", () => {
  const get = (name: string) =>
    inCommand(
      {
        "Pulumi.yaml":
          "name: shop\nconfig:\n  db: {value: {host: shared, port: 1}}\n  own: {default: {a: x}}\n",
        "Pulumi.prod.yaml": "config: {'shop:db': {host: own}}\n",
      },
      name,
    )?.value;
  expect(["db.host", "db.port", "own.a"].map(get)).toEqual(["own", undefined, "x"]);
});

test("a value that is encrypted as a whole is set, but not known", () => {
  const files = { "Pulumi.prod.yaml": "config: {'shop:db': {secure: v1:AAAA}}\n" };
  expect(inCommand(files, "db.host")).toEqual({ secret: true });
});

test.each<[string, object | string, string | undefined]>([
  ["of pulumi config", { "shop:db": { value: '{"host":"x"}', secret: true } }, "x"],
  ["of a map of keys", { db: { host: "x" } }, "x"],
  ["of a map of paths", { "db.host": "x" }, "x"],
  ["of pulumi config without --show-secrets", { "shop:db": { secret: true } }, undefined],
])("a file %s gives values at paths", (_, content, value) => {
  const folder = folderOf({ "values.json": JSON.stringify(content) });
  process.chdir(folder);
  const config = readConfig(undefined, { configFile: "values.json" });
  const project = Object.keys(content)[0]!.startsWith("shop:") ? "shop:" : "";
  expect(config.get(`${project}db.host`)).toEqual({
    secret: true,
    ...(value !== undefined && { value }),
  });
});

test("validate says how to set a path", () => {
  const from = folderOf({
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "Pulumi.prod.yaml": STACK_FILE,
    "connectors/a.json": databarFile({
      a: { headers: { A: "${config.db.host}", B: "${config.db.hots}", C: '${config.db["a b"]}' } },
    }),
  });
  expect(
    validateFiles(["connectors"], { from }).diagnostics.map(
      ({ message, hint }) => `${message}. ${hint}`,
    ),
  ).toEqual([
    "Pulumi.prod.yaml does not set shop:db.hots. Run pulumi config set --secret --path db.hots --stack prod, or correct the key",
    'Pulumi.prod.yaml does not set shop:db["a b"]. Run pulumi config set --secret --path \'db["a b"]\' --stack prod, or correct the key',
  ]);
});
