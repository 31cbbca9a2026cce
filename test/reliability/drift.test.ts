/** R5: an outside change is reported as exactly the changed value, and the next up restores it. */
import fc from "fast-check";
import { type Sandbox } from "../../provider/sandbox";
import { isolate } from "../../harness/jest/isolate";
import { TEAM } from "../../harness/lifecycle-world";
import { holds } from "./generated-cases";
import { programs } from "./definitions";
import { FORMS } from "./fleets";
import { differences, leavesOf, type Path, withChanged } from "./json-paths";
import { closeWorlds, openSandbox } from "./open-sandbox";

isolate();
afterEach(closeWorlds);

/** An outside change, and the property path of its report. */
interface Change {
  readonly shows: Path;
  readonly make: () => void;
}

function databarChanges({ databar }: Sandbox, id: string): Change[] {
  const connector = databar.connectors.find((each) => String(each.id) === id)!;
  const change = (fields: Parameters<typeof databar.change>[1]) => (): void =>
    void databar.change(id, fields);
  const texts = (["name", "url"] as const).map((field): Change => ({
    shows: [field],
    make: change({ [field]: `${connector[field]}~` }),
  }));
  const entries = (["headers", "parameters", "body"] as const).flatMap((field): Change[] => {
    if (field === "body" && connector.body_template !== null) {
      return [];
    }
    const list = connector[field];
    const names = [...new Set(list.map(({ name }) => name))];
    const fold = (name: string): string => (field === "headers" ? name.toLowerCase() : name);
    const alone = names.filter(
      (name) => list.filter((each) => fold(each.name) === fold(name)).length === 1,
    );
    return [
      ...alone.map((name): Change => ({
        shows: [field, name],
        make: change({
          [field]: list.map((each) =>
            each.name === name ? { name, value: `${each.value}~` } : each,
          ),
        }),
      })),
      ...alone.map((name): Change => ({
        shows: [field, name],
        make: change({ [field]: list.filter((each) => each.name !== name) }),
      })),
      {
        shows: [field, "X-New"],
        make: change({ [field]: [...list, { name: "X-New", value: "1" }] }),
      },
    ];
  });
  const others: Change[] = [
    {
      shows: ["type"],
      make: change({ type: connector.type === "simple" ? "exporter" : "simple" }),
    },
    { shows: ["method"], make: change({ method: connector.method === "get" ? "post" : "get" }) },
    {
      shows: ["bodyTemplate"],
      make: change({ body_template: `${connector.body_template ?? ""}~` }),
    },
    ...(connector.rate_limit === null
      ? []
      : [{ shows: ["rateLimit"], make: change({ rate_limit: connector.rate_limit + 1 }) }]),
    ...(connector.max_concurrency === null
      ? []
      : [
          {
            shows: ["maxConcurrency"],
            make: change({ max_concurrency: connector.max_concurrency + 1 }),
          },
        ]),
  ];
  return [...texts, ...entries, ...others];
}

function supermetricsChanges(
  { supermetrics }: Sandbox,
  id: string,
  managed: Record<string, unknown>,
): Change[] {
  const key = id.slice(TEAM.length + 1);
  const connector = supermetrics.connectors.find((each) => each.connector_identifier === key)!;
  const document = connector.configuration.configuration_json;
  const inDocument = managed["configuration"] === undefined ? [] : leavesOf(document);
  return [
    { shows: ["name"], make: () => void supermetrics.change(key, { name: `${connector.name}~` }) },
    {
      shows: ["description"],
      make: () => void supermetrics.change(key, { description: `${connector.description ?? ""}~` }),
    },
    ...inDocument.map((path): Change => ({
      shows: ["configuration", ...path],
      make: () =>
        void supermetrics.change(key, {
          configuration_json: withChanged(document, path) as Record<string, unknown>,
        }),
    })),
    ...Object.keys(managed["secrets"] ?? {}).map((name): Change => ({
      shows: ["secrets", name],
      make: () => void supermetrics.removeSecret(key, name),
    })),
  ];
}

/** The vendor's connectors, without counters and generated placeholders. */
function there({ databar, supermetrics }: Sandbox): unknown {
  const connectors = supermetrics.connectors.map((connector) => {
    const secrets = supermetrics.secrets(TEAM, connector.connector_identifier);
    const text = secrets.reduce(
      (json, { name, placeholder }) => json.replaceAll(placeholder, `the placeholder of ${name}`),
      JSON.stringify(connector.configuration.configuration_json),
    );
    return {
      name: connector.name,
      description: connector.description ?? "",
      configuration: JSON.parse(text) as unknown,
      secrets: new Map(secrets.map(({ name, value }) => [name, value])),
    };
  });
  return { databar: databar.connectors, connectors };
}

test.each(FORMS)(
  "R5 drift$form: an outside change of any value is reported as exactly that value; up restores it",
  async ({ form, open }) => {
    const property = fc.asyncProperty(
      programs,
      fc.nat(),
      fc.nat(),
      async (program, which, what) => {
        const sandbox = await openSandbox();
        const stack = open(sandbox);
        await stack.up(program);
        const before = there(sandbox);

        const [name, { vendor, id, inputs: managed }] = [...stack.state][which % stack.state.size]!;
        const changes =
          vendor === "databar"
            ? databarChanges(sandbox, id)
            : supermetricsChanges(sandbox, id, managed);
        const { shows, make } = changes[what % changes.length]!;
        make();

        const { ops, failures, inputs } = await stack.refresh();
        expect({ ops, failures }).toEqual({
          ops: Object.fromEntries(
            Object.keys(program).map((each) => [each, each === name ? "drift" : "same"]),
          ),
          failures: {},
        });
        expect(
          differences(inputs[name]!.before, inputs[name]!.after).map((path) =>
            path.slice(0, shows.length),
          ),
        ).toEqual([shows]);
        const repaired = await stack.up(program);
        expect(repaired).toEqual({ ops: { ...ops, [name]: "update" }, failures: {} });
        expect(there(sandbox)).toEqual(before);
        expect(Object.values((await stack.refresh()).ops)).toEqual(
          Object.keys(program).map(() => "same"),
        );
        await sandbox.close();
      },
    );
    await holds(property, form === "" ? 50 : 12);
  },
);
