import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { type Reply, supermetricsClient } from "../support";

const TEAM = "936506";
const AT = "/connectors/T3S70/logo";
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPG = [0xff, 0xd8, 0xff, 0xe0];
const FIVE_MEGABYTES = 5 * 1024 * 1024;

const bytesOf = (head: readonly number[], size = 64): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size);
  bytes.set(head);
  return bytes;
};

describe("logos and logs of a Supermetrics connector", () => {
  let sandbox: Sandbox;
  let supermetrics: ReturnType<typeof supermetricsClient>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
    sandbox.supermetrics.seed({ connector_identifier: "T3S70" });
  });
  afterEach(() => sandbox.close());

  const upload = (
    bytes: Uint8Array<ArrayBuffer>,
    { part = "logo", type = "image/png" } = {},
  ): Promise<Reply> => {
    const form = new FormData();
    form.set(part, new Blob([bytes], { type }), "logo.png");
    return supermetrics(AT, { method: "POST", raw: form });
  };

  test.each([
    ["PNG", PNG, "image/png", ".png"],
    ["JPG", JPG, "image/jpeg", ".jpg"],
  ] as const)(
    "a %s logo is stored unchanged and gets its own URL, by content and not by media type",
    async (_, head, mediaType, ending) => {
      const bytes = bytesOf(head);
      const uploaded = await upload(bytes, { type: "application/octet-stream" });
      const { logo_url: address } = uploaded.body as { logo_url: string };
      expect([
        uploaded.status,
        address.startsWith("https://assets.supermetrics.com/images/dsLogos/T3S70_"),
        address.endsWith(ending),
      ]).toEqual([201, true, true]);
      expect(sandbox.supermetrics.logo(TEAM, "T3S70")).toEqual({
        bytes: Buffer.from(bytes),
        mediaType,
      });
      expect((await supermetrics(AT)).body).toEqual({ logo_url: address });
      expect((await supermetrics("/connectors/T3S70")).body).toMatchObject({ logo_url: address });
    },
  );

  test("a logo of 5 MB is accepted, one byte more is rejected", async () => {
    expect((await upload(bytesOf(PNG, FIVE_MEGABYTES))).status).toBe(201);
    expect((await upload(bytesOf(PNG, FIVE_MEGABYTES + 1))).status).toBe(400);
  });

  test("a body with the short boundary of the vendor's SDK is accepted", async () => {
    const raw = Buffer.concat([
      Buffer.from(
        '--+++\r\nContent-Disposition: form-data; name="logo"; filename="l.png"\r\nContent-Type: image/png\r\n\r\n',
      ),
      bytesOf(PNG),
      Buffer.from("\r\n--+++--\r\n"),
    ]);
    const uploaded = await supermetrics(AT, {
      method: "POST",
      raw: new Uint8Array(raw),
      headers: { "content-type": "multipart/form-data; boundary=+++" },
    });
    expect([uploaded.status, sandbox.supermetrics.logo(TEAM, "T3S70")?.bytes.length]).toEqual([
      201, 64,
    ]);
  });

  test.each<[string, () => Promise<Reply>, string]>([
    [
      "neither PNG nor JPG",
      () => upload(bytesOf([0x47, 0x49, 0x46])),
      "The logo must be a PNG or JPG image.",
    ],
    ["empty", () => upload(new Uint8Array()), "The logo must be a PNG or JPG image."],
    [
      "in a part with another name",
      () => upload(bytesOf(PNG), { part: "file" }),
      "The part 'logo' is required.",
    ],
    [
      "sent without multipart",
      () =>
        supermetrics(AT, {
          method: "POST",
          raw: bytesOf(PNG),
          headers: { "content-type": "image/png" },
        }),
      "The content type must be multipart/form-data.",
    ],
    [
      "truncated",
      () =>
        supermetrics(AT, {
          method: "POST",
          raw: "--b\r\nContent-Disposition: form-data; na",
          headers: { "content-type": "multipart/form-data; boundary=b" },
        }),
      "The content type must be multipart/form-data.",
    ],
  ])("a logo that is %s is rejected with 400", async (_, send, description) => {
    const refused = await send();
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { error: { code: "BAD_REQUEST", description } },
    ]);
    expect(sandbox.supermetrics.logo(TEAM, "T3S70")).toBeUndefined();
  });

  test("the request log has the name, media type and size of an upload", async () => {
    await upload(bytesOf(PNG));
    expect(sandbox.supermetrics.log[0]?.body).toEqual({
      logo: { fileName: "logo.png", mediaType: "image/png", size: 64 },
    });
  });

  test("a duplicate has its source's logo", async () => {
    await upload(bytesOf(PNG));
    const created = await supermetrics("/connectors", {
      method: "POST",
      form: { title: "t", connector_identifier: "T3S70" },
    });
    const { connector_identifier: id } = created.body as { connector_identifier: string };
    expect(sandbox.supermetrics.logo(TEAM, id)?.mediaType).toBe("image/png");
  });

  test("log entries are sorted newest first, limited, and filtered by time", async () => {
    for (const day of ["02", "01", "03"]) {
      sandbox.supermetrics.addLog("T3S70", { id: day, log_time: `2025-01-${day}T00:00:00Z` });
    }
    const ids = async (query: string): Promise<string[]> =>
      (
        (await supermetrics(`/connectors/T3S70/logs${query}`)).body as { logs: { id: string }[] }
      ).logs.map(({ id }) => id);
    expect(await ids("")).toEqual(["03", "02", "01"]);
    expect(await ids("?limit=1")).toEqual(["03"]);
    expect(await ids("?before=2025-01-03T00:00:00Z")).toEqual(["02", "01"]);
  });

  test("100 log entries are returned by default", async () => {
    for (let count = 0; count < 120; count += 1) {
      sandbox.supermetrics.addLog("T3S70");
    }
    expect((await supermetrics("/connectors/T3S70/logs")).body).toMatchObject({
      logs: { length: 100 },
    });
  });

  test("an unknown log entry is 404, an unknown connector has no entries", async () => {
    expect((await supermetrics("/connectors/T3S70/logs/nope")).status).toBe(404);
    expect((await supermetrics("/connectors/NOPE1/logs")).body).toEqual({ logs: [] });
  });
});
