import { createServer } from "node:http";
import { type AddressInfo } from "node:net";

import { parsePort, type SandboxCommandOptions, serveSandbox } from "../../../provider/cli/sandbox";

describe("the sandbox command", () => {
  /** Serves, runs `meanwhile` with what was printed, then stops. */
  const serve = async (
    options: SandboxCommandOptions,
    meanwhile: (printed: string) => Promise<void>,
  ): Promise<void> => {
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    let printed = "";
    const serving = serveSandbox(options, {
      print: (text) => (printed += text),
      stopped: () => stopped,
    });
    try {
      while (printed === "") {
        await Promise.race([serving, new Promise(setImmediate)]);
      }
      await meanwhile(printed);
    } finally {
      stop();
      await serving;
    }
  };

  test("prints exactly one line of JSON with the origins and the key, and serves them until stopped", async () => {
    let origins: Record<string, string> = {};
    await serve({ json: true, port: 0 }, async (printed) => {
      expect(printed).toMatch(
        /^\{"databar":"http:\/\/127\.0\.0\.1:\d+","supermetrics":"http:\/\/127\.0\.0\.1:\d+","apiKey":"sandbox-[0-9a-f]{8}"\}\n$/,
      );
      const { apiKey = "", ...rest } = JSON.parse(printed) as Record<string, string>;
      origins = rest;
      const headers = { "x-apikey": apiKey, authorization: `Bearer ${apiKey}` };
      expect((await fetch(`${origins["databar"] ?? ""}/v1/connectors/`, { headers })).status).toBe(
        200,
      );
      expect(
        (
          await fetch(
            `${origins["supermetrics"] ?? ""}/v1/teams/936506/connector_builder/connectors`,
            { headers },
          )
        ).status,
      ).toBe(200);
    });
    for (const origin of Object.values(origins)) {
      await expect(fetch(origin)).rejects.toThrow();
    }
  });

  test("without --json, prints how to point a stack at it", async () => {
    await serve({ port: 0 }, (printed) => {
      expect(printed).toMatch(/pulumi config set databar:baseUrl http:\/\/127\.0\.0\.1:\d+\n/);
      expect(printed).toMatch(/pulumi config set supermetrics:baseUrl http:\/\/127\.0\.0\.1:\d+\n/);
      expect(printed).toContain("pulumi config set supermetrics:teamId 936506\n");
      const [, apiKey] =
        /pulumi config set --secret databar:apiKey (sandbox-\w{8})\n/.exec(printed) ?? [];
      expect(printed).toContain(`pulumi config set --secret supermetrics:apiKey ${apiKey}\n`);
      expect(printed).toMatch(/export DATABAR_BASE_URL=http:\/\/127\.0\.0\.1:\d+\n/);
      expect(printed).toMatch(/export SUPERMETRICS_BASE_URL=http:\/\/127\.0\.0\.1:\d+\n/);
      expect(printed).toContain("export SUPERMETRICS_TEAM_ID=936506\n");
      expect(printed).toContain(`export DATABAR_API_KEY=${apiKey}\n`);
      expect(printed).toContain(
        "\n  pulumi destroy\n  pulumi config rm-all databar:baseUrl databar:apiKey supermetrics:baseUrl supermetrics:apiKey supermetrics:teamId\n",
      );
      return Promise.resolve();
    });
  });

  test("accepts only its own key, which is another one at the next start", async () => {
    const keys = new Set<string>();
    for (const previous of ["sandbox-key", "any"]) {
      await serve({ json: true, port: 0 }, async (printed) => {
        const {
          apiKey = "",
          databar,
          supermetrics,
        } = JSON.parse(printed) as Record<string, string>;
        for (const key of [previous, ...keys]) {
          const headers = { "x-apikey": key, authorization: `Bearer ${key}` };
          const list = `${supermetrics}/v1/teams/936506/connector_builder/connectors`;
          expect((await fetch(`${databar}/v1/connectors/`, { headers })).status).toBe(403);
          expect((await fetch(list, { headers })).status).toBe(401);
        }
        keys.add(apiKey);
      });
    }
    expect(keys.size).toBe(2);
  });

  test("uses fixed ports by default, so that only the key differs after a restart", async () => {
    let text = "";
    const print = (printed: string): Promise<void> => {
      text = printed;
      return Promise.resolve();
    };
    await serve({ json: true }, print).catch((error: unknown) => (text = String(error)));
    // Another process can use the ports.
    expect(text).toMatch(/127\.0\.0\.1:4010".*127\.0\.0\.1:4011"|port 401[01] is in use/);
  });

  test("names the port that is in use", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const io = { print: () => undefined, stopped: () => Promise.resolve() };
    await expect(serveSandbox({ port }, io)).rejects.toThrow(`port ${port} is in use`);
    await new Promise((resolve) => server.close(resolve));
  });

  test.each([
    ["0", 0],
    ["4010", 4010],
    ["65534", 65_534],
  ])("accepts the port %s", (text, port) => {
    expect(parsePort(text)).toBe(port);
  });

  test.each(["65535", "-1", "1.5", "", "http", "1e3"])("rejects the port %j", (text) => {
    expect(() => parsePort(text)).toThrow("Give a whole number from 0 to 65534.");
  });
});
