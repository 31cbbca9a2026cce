import { readFileSync } from "node:fs";
import { createHttpClient, userAgent } from "../../../provider/http";
import { closeAll, connect, CREDENTIAL, json, rejection, serve, status } from "./support";

afterEach(closeAll);

const ok = json({});

it("the credential goes out in its header", async () => {
  const { origin, seen } = await serve(ok);
  await connect(origin).send({ method: "GET", path: "/" });
  expect(seen[0]!.headers["x-apikey"]).toBe(CREDENTIAL);
});

it("the user agent names the package, its version and Node's", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const { origin, seen } = await serve(ok);
  await connect(origin).send({ method: "GET", path: "/" });
  expect(seen[0]!.headers["user-agent"]).toBe(
    `pulumi-connectors/${version} (+node/${process.version})`,
  );
  expect(userAgent()).toBe(seen[0]!.headers["user-agent"]);
});

it("a request can bring its headers, its query and the text of its body; a client, no credential", async () => {
  const { origin, seen } = await serve(ok);
  const client = createHttpClient({ vendor: "Test", origin });
  await client.send({
    method: "POST",
    path: "/",
    search: "?a=%5B1%5D&a=2",
    headers: { accept: "text/plain", "content-type": "text/csv" },
    body: { kind: "text", text: "a,é" },
  });
  await client.close();
  expect(seen[0]).toMatchObject({
    url: "/?a=%5B1%5D&a=2",
    headers: { accept: "text/plain", "content-type": "text/csv" },
  });
  expect(seen[0]!.body).toBe("a,é");
  expect(seen[0]!.headers).not.toHaveProperty("x-apikey");
});

it("path and query go out as given", async () => {
  const { origin, seen } = await serve(ok);
  await connect(origin).send({
    method: "GET",
    path: "/v1/secrets/%7B%7BA%2FB%7D%7D",
    query: { include_configs: "true", "a b": "c&d=é" },
  });
  expect(seen[0]!.url).toBe(
    "/v1/secrets/%7B%7BA%2FB%7D%7D?include_configs=true&a+b=c%26d%3D%C3%A9",
  );
});

it.each([
  "v1",
  "",
  "http://example.com/",
  "/a b",
  "/a?b=c",
  "/a#b",
  "/a\r\nx: y",
  "/é",
  "/v1/..",
  "/v1/../x",
  "/v1/%2E%2e/x",
  "/./x",
])("the path %j is refused before anything is sent", async (path) => {
  const { origin, seen } = await serve(ok);
  expect(await rejection(connect(origin).send({ method: "DELETE", path }))).toMatchObject({
    code: "configuration",
  });
  expect(seen).toEqual([]);
});

it("JSON is sent as application/json", async () => {
  const { origin, seen } = await serve(ok);
  await connect(origin).send({
    method: "PUT",
    path: "/",
    body: { kind: "json", value: { name: "é", rate_limit: null } },
  });
  expect(seen[0]).toMatchObject({
    body: '{"name":"é","rate_limit":null}',
    headers: { "content-type": "application/json" },
  });
});

it("a form is sent URL-encoded", async () => {
  const { origin, seen } = await serve(ok);
  await connect(origin).send({
    method: "POST",
    path: "/",
    body: { kind: "form", fields: { title: "My Custom & Co", description: "" } },
  });
  expect(seen[0]).toMatchObject({
    body: "title=My+Custom+%26+Co&description=",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
});

it("a file is sent as the one part of a multipart body", async () => {
  const { origin, seen } = await serve(ok);
  const body = {
    kind: "multipart",
    part: "logo",
    fileName: 'a"b\r\n.png',
    mediaType: "image/png",
    content: Buffer.from("PNG"),
  } as const;
  await connect(origin).send({ method: "POST", path: "/", body });
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(
    seen[0]!.headers["content-type"] ?? "",
  )![1]!;
  expect(seen[0]!.body).toBe(
    `--${boundary}\r\nContent-Disposition: form-data; name="logo"; filename="a%22b%0D%0A.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--${boundary}--\r\n`,
  );
});

it("a file is sent as the same bytes in every attempt", async () => {
  const { origin, seen } = await serve(status(429), status(429), ok);
  const content = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x00, 0xff]);
  await connect(origin, { backoff: 1 }).send({
    method: "POST",
    path: "/",
    body: { kind: "multipart", part: "logo", fileName: "a.png", mediaType: "image/png", content },
  });
  expect(seen).toHaveLength(3);
  expect(
    new Set(seen.map(({ body, headers }) => `${headers["content-type"]!}\n${body}`)).size,
  ).toBe(1);
});

it("without a body there is no content type", async () => {
  const { origin, seen } = await serve(ok);
  await connect(origin).send({ method: "DELETE", path: "/" });
  expect(seen[0]!.headers["content-type"]).toBeUndefined();
  expect(seen[0]!.headers.accept).toBe("application/json");
  expect(seen[0]!.headers["accept-encoding"]).toBe("identity");
});

it("a closed client sends nothing", async () => {
  const { origin, seen } = await serve(ok);
  const client = connect(origin);
  await client.send({ method: "GET", path: "/" });
  await client.close();
  await client.close();
  expect(await rejection(client.send({ method: "GET", path: "/" }))).toMatchObject({
    code: "configuration",
  });
  expect(seen).toHaveLength(1);
});
