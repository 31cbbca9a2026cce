import {
  type DatabarNormalization,
  type DatabarSettings,
  type Sandbox,
  startSandbox,
} from "../../../provider/sandbox";
import { databarClient } from "../support";

const WRITTEN = {
  name: "  spaced  ",
  method: "post",
  url: "https://api.example.com ",
  headers: [
    { name: "B", value: "1" },
    { name: "C", value: "2" },
    { name: "A", value: "3" },
  ],
  rate_limit: 4,
};

describe("normalization by Databar", () => {
  let sandbox: Sandbox;
  let databar: ReturnType<typeof databarClient>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    databar = databarClient(sandbox.databar.url);
  });
  afterAll(() => sandbox.close());

  const createAndGet = async (
    settings: Partial<DatabarSettings>,
    fields: object = {},
  ): Promise<unknown> => {
    Object.assign(sandbox.databar.settings, { normalize: {}, ...settings });
    const { body } = await databar("/v1/connectors/", {
      method: "POST",
      json: { ...WRITTEN, ...fields },
    });
    return (await databar(`/v1/connectors/${(body as { id: number }).id}`)).body;
  };
  const names = (connector: unknown): string[] =>
    (connector as { headers: { name: string }[] }).headers.map(({ name }) => name);

  test("nothing by default", async () => {
    expect(await createAndGet({})).toMatchObject(WRITTEN);
  });

  test.each<[DatabarNormalization["listOrder"], string[]]>([
    [undefined, ["B", "C", "A"]],
    ["reversed", ["A", "C", "B"]],
    ["sorted", ["A", "B", "C"]],
  ])("the order of lists: %s", async (listOrder, expected) => {
    expect(names(await createAndGet({ normalize: { listOrder } }))).toEqual(expected);
  });

  test("empty lists are returned as null, or not at all", async () => {
    expect(await createAndGet({ normalize: { emptyLists: "null" } })).toMatchObject({
      parameters: null,
      body: null,
    });
    const without = await createAndGet({ normalize: { emptyLists: "missing" } });
    expect(without).not.toHaveProperty("parameters");
    expect(without).toMatchObject({ headers: WRITTEN.headers });
  });

  test("text is trimmed on write", async () => {
    expect(await createAndGet({ normalize: { trimText: true } })).toMatchObject({
      name: "spaced",
      url: "https://api.example.com",
    });
  });

  test("unset limits get defaults, set limits are kept", async () => {
    const limits = { rateLimit: 30, maxConcurrency: 2 };
    expect(await createAndGet({ normalize: { limits } })).toMatchObject({
      rate_limit: 4,
      max_concurrency: 2,
    });
  });

  test("header values are masked on every read, but stored unchanged", async () => {
    const connector = await createAndGet({ normalize: { maskHeaderValues: true } });
    expect(connector).toMatchObject({
      headers: ["B", "C", "A"].map((name) => ({ name, value: "********" })),
    });
    expect(sandbox.databar.connectors.at(-1)?.headers).toEqual(WRITTEN.headers);
  });

  test("header values are masked partly: long values keep both ends", async () => {
    const headers = [
      { name: "Authorization", value: "Bearer 0123456789" },
      { name: "Short", value: "0123456789ab" },
      { name: "Empty", value: "" },
    ];
    const connector = await createAndGet(
      { normalize: { maskHeaderValues: "partly" } },
      { headers },
    );
    expect(connector).toMatchObject({
      headers: [
        { name: "Authorization", value: "Be********6789" },
        { name: "Short", value: "********" },
        { name: "Empty", value: "" },
      ],
    });
  });

  test("header values are masked with one asterisk per character", async () => {
    const connector = await createAndGet({ normalize: { maskHeaderValues: "length" } });
    expect(connector).toMatchObject({ headers: [{ value: "*" }, { value: "*" }, { value: "*" }] });
  });

  test("header values are masked by a function, for example only one header", async () => {
    const maskHeaderValues = (value: string, name: string): string =>
      name === "C" ? `${value}…[hidden]` : value;
    expect(await createAndGet({ normalize: { maskHeaderValues } })).toMatchObject({
      headers: [{ value: "1" }, { value: "2…[hidden]" }, { value: "3" }],
    });
  });

  test("a mask that is written back replaces the value", async () => {
    const headers = [{ name: "Authorization", value: "********" }];
    await createAndGet({ normalize: { maskHeaderValues: true } }, { headers });
    expect(sandbox.databar.connectors.at(-1)?.headers).toEqual(headers);
  });

  test("unknown fields are added", async () => {
    expect(
      await createAndGet({ normalize: { extraFields: { owner: { id: 1 }, slug: "s" } } }),
    ).toMatchObject({ owner: { id: 1 }, slug: "s" });
  });

  test("numbers are returned as strings", async () => {
    expect(await createAndGet({ normalize: { numbersAsText: true } })).toMatchObject({
      rate_limit: "4",
      max_concurrency: null,
    });
  });

  test("body has the variables of the template", async () => {
    const fields = {
      body: [{ name: "old", value: "x" }],
      body_template: '{"d": "{{ domain }}", "l": {{limit|int}}, "again": "{{ domain }}"}',
    };
    const body = [
      { name: "domain", value: "" },
      { name: "limit", value: "" },
    ];
    expect(await createAndGet({ normalize: { bodyFromTemplate: true } }, fields)).toMatchObject({
      body,
    });
    expect(await createAndGet({}, fields)).toMatchObject({ body: fields.body });
  });

  test("an update answers 200 but does not change type", async () => {
    const { id } = (await createAndGet(
      { normalize: { typeIsFixed: true } },
      { type: "simple" },
    )) as { id: number };
    const updated = await databar(`/v1/connectors/${id}`, {
      method: "PUT",
      json: { ...WRITTEN, type: "exporter" },
    });
    expect([updated.status, updated.body]).toMatchObject([200, { type: "simple" }]);
  });

  test("create can answer 200, and delete 200 with a body", async () => {
    Object.assign(sandbox.databar.settings, {
      createStatus: 200,
      deleteStatus: 200,
      normalize: {},
    });
    const created = await databar("/v1/connectors/", { method: "POST", json: WRITTEN });
    const deleted = await databar(`/v1/connectors/${(created.body as { id: number }).id}`, {
      method: "DELETE",
    });
    expect([created.status, deleted.status, deleted.body]).toEqual([
      200,
      200,
      { status: "deleted" },
    ]);
  });
});
