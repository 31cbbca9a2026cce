/** A provider process whose CLI was killed: its output pipes are broken. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { loadProject } from "../../harness/engine/local/project";
import { encodeStruct } from "../../harness/engine/local/struct";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { projectFolder } from "../../harness/e2e/project";
import { providerText } from "../../provider/pulumi/program/provider-text";

const folder = projectFolder(join(__dirname, "../../harness/e2e/program"));
afterAll(() => deleteTempFolder(folder));

test.each(["databar", "supermetrics"])(
  "a provider of %s whose CLI was killed ends at its next write",
  async (vendor) => {
    const project = loadProject(folder);
    const child = spawn(
      process.execPath,
      [project.resolveModule("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"],
      { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    try {
      const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
      const client = new ResourceProviderClient(
        `127.0.0.1:${port.trim()}`,
        credentials.createInsecure(),
      );
      const properties = encodeStruct({ __provider: providerText(vendor) }, { secrets: false });
      const configuration = new rpc.ConfigureRequest();
      configuration.setArgs(encodeStruct({}, { secrets: false }));
      await new Promise((resolve) => client.configure(configuration, resolve));
      // Loads this package; its failure writes, while somebody reads.
      const request = new rpc.DiffRequest();
      request.setId("/");
      request.setOlds(properties);
      request.setNews(properties);
      const failed = (): Promise<unknown> =>
        new Promise((resolve) => client.diff(request, resolve));
      expect(await failed()).toMatchObject({ details: expect.stringContaining("connector id") });

      child.stdout.destroy();
      child.stderr.destroy();
      const ended = once(child, "exit");
      void failed();
      expect(await Promise.race([ended, delay(5_000, "still running", { ref: false })])).toEqual([
        1,
        null,
      ]);
      client.close();
    } finally {
      child.kill("SIGKILL");
    }
  },
);
