/**
 * Failures without a vendor's error response. Each message comes from running the code in that
 * situation.
 */
import { createServer } from "node:net";
import { ConnectorError, type ErrorCode } from "../../provider/errors";
import { createHttpClient, type HttpClientOptions } from "../../provider/http/index";
import { missingKey, readSettings } from "../../provider/pulumi/provider/stack-settings";
import { type FaultOptions } from "../../provider/sandbox/index";
import { DatabarApi } from "../../provider/vendors/databar/api";
import { type DatabarInputs } from "../../provider/vendors/databar/types";
import { databar as vendor } from "../../provider/vendors/databar/vendor";
import { connectorErrorOf } from "../../harness/errors";
import { closeWorlds, databarWorld, openSandbox } from "../../harness/lifecycle-world";

/** One situation. */
export interface Unanswered {
  readonly code: ErrorCode;
  readonly when: string;
  readonly message: string;
  readonly remedy: string;
}

type Situation = Omit<Unanswered, "message"> & { readonly fail: () => Promise<ConnectorError> };

const ORIGIN = vendor.names.baseUrl;
const INPUTS = {
  name: "My connector",
  method: "get",
  url: "https://api.example.com/v1/score",
} as const satisfies DatabarInputs;
const NAMESAKE = { ...INPUTS, url: "https://other.example.com/" };

const SITUATIONS: readonly Situation[] = [
  {
    code: "timeout",
    when: "no response in time",
    fail: () => request({ delay: 5_000 }, { requestTimeout: 500 }),
    remedy:
      "Run `pulumi up` again. If it persists, raise `databar:requestTimeoutSeconds` or `supermetrics:requestTimeoutSeconds` (default 30).",
  },
  {
    code: "network",
    when: "no connection",
    fail: unreachable,
    remedy: "Check the network, `HTTPS_PROXY` and the base URL, then run `pulumi up` again.",
  },
  {
    code: "network",
    when: "a connection that broke",
    fail: () => request({ drop: "after" }),
    remedy: "Run `pulumi up` again: it repeats a write unless the write was confirmed.",
  },
  {
    code: "unexpected_response",
    when: "a page instead of a response",
    fail: () => request({ html: true, status: 200 }),
    remedy:
      "Check the base URL, and whether a proxy or gateway responds in the vendor's place. The state is kept.",
  },
  {
    code: "unexpected_response",
    when: "a redirect",
    fail: () => request({ redirect: "http://elsewhere.example.com/" }),
    remedy:
      "Redirects are refused, so that the key goes to the configured origin only. If the API has moved, correct the base URL.",
  },
  {
    code: "rate_limited",
    when: "a wait that is too long, after another connector hit the limit",
    fail: () => request({ status: 429, headers: { "retry-after": "3600" } }, {}, 2),
    remedy:
      "Run `pulumi up` again at the time named. Lower `requestsPerSecond` if other programs use the same key.",
  },
  {
    code: "ambiguous_create",
    when: "the response to a create was lost, and the connector is not found",
    fail: () => create({ drop: "before" }),
    remedy:
      "The same goes for a 500 or 503 of the vendor. Wait a minute, because a vendor may list a new connector late, then run `pulumi up` again. A connector that has appeared in the meantime is adopted; otherwise it is created.",
  },
  {
    code: "ambiguous_create",
    when: "the response to a create was lost, and several new connectors match",
    fail: () => create({ drop: "after" }, true),
    remedy:
      "The same connector was created elsewhere at the same time. Adopt one with `connectorId` or `connectorIdentifier`, and delete the other unless it is needed.",
  },
  {
    code: "conflict",
    when: "a different connector of the same name",
    fail: () => conflict({}),
    remedy: "Write one of the lines that the message shows.",
  },
  {
    code: "conflict",
    when: "a connector of the same name, and `onConflict` is `fail`",
    fail: () => conflict({ onConflict: "fail" }),
    remedy: "Give the connector another name, or write one of the lines that the message shows.",
  },
  {
    code: "not_found",
    when: "the connector to adopt does not exist",
    fail: () => conflict({ connectorId: 7 }),
    remedy: "Correct the id, or remove the line to create a connector.",
  },
  {
    code: "configuration",
    when: "no key",
    fail: () =>
      Promise.resolve(new ConnectorError("configuration", `${missingKey(vendor.names)}.`)),
    remedy:
      "Give the key in one of the two ways. In refresh and destroy Pulumi uses the stored configuration; add `--run-program` after a change.",
  },
  {
    code: "configuration",
    when: "an invalid base URL",
    fail: () => setting("baseUrl", "http://api.databar.ai"),
    remedy: "Write the origin with https. Plain http is allowed to this machine only.",
  },
  {
    code: "configuration",
    when: "an invalid limit",
    fail: () => setting("requestsPerSecond", "many"),
    remedy: "Write a number above 0.",
  },
  {
    code: "invalid",
    when: "an invalid id",
    fail: () => databar(({ deploy }) => deploy().connectors.read("abc", {})),
    remedy: "Write the id in the form that the message shows.",
  },
];

/**
 * Every situation with its message. Replaces the sandbox's ports and short deadlines by real
 * values.
 */
export async function unanswered(): Promise<Unanswered[]> {
  const done: Unanswered[] = [];
  for (const { code, when, fail, remedy } of SITUATIONS) {
    const error = await fail();
    await closeWorlds();
    if (error.code !== code) {
      throw new Error(`"${when}" is ${error.code}, not ${code}.`);
    }
    const message = error.message
      .replace(/http:\/\/127\.0\.0\.1:\d+/g, ORIGIN)
      .replace("within 0.5 s", "within 30 s");
    done.push({ code, when, message, remedy });
  }
  return done;
}

/** The error of the last of several updates that hit a fault. */
async function request(
  fault: FaultOptions,
  options: Partial<HttpClientOptions> = {},
  updates = 1,
): Promise<ConnectorError> {
  const { databar: vendor } = await openSandbox();
  vendor.fault({ method: "PUT", ...fault, times: Infinity });
  const http = createHttpClient(
    {
      vendor: "Databar",
      namespace: "databar",
      origin: vendor.url,
      credential: ["x-apikey", "key"],
      maxAttempts: 1,
      ...options,
    },
    { date: () => Date.UTC(2025, 0, 15, 10, 30) },
  );
  const update = () =>
    connectorErrorOf(
      new DatabarApi(http).replace(
        { scope: "", key: "42" },
        {},
        { verb: "update", name: "My connector", ref: { scope: "", key: "42" }, sensitive: [] },
      ),
    );
  // On a busy machine the first connection may exceed a short deadline, which is another failure.
  await new DatabarApi(http).list().catch(() => undefined);
  for (let before = 1; before < updates; before++) {
    await update();
  }
  const error = await update();
  await http.close();
  return error;
}

async function unreachable(): Promise<ConnectorError> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const http = createHttpClient({
    vendor: "Databar",
    namespace: "databar",
    origin: `http://127.0.0.1:${port}`,
    credential: ["x-apikey", "key"],
    maxAttempts: 1,
  });
  const error = await connectorErrorOf(new DatabarApi(http).list());
  await http.close();
  return error;
}

type World = Awaited<ReturnType<typeof databarWorld>>;

async function databar(act: (world: World) => Promise<unknown>): Promise<ConnectorError> {
  return connectorErrorOf(act(await databarWorld({ firstId: 42 })));
}

function create(fault: FaultOptions, twin = false): Promise<ConnectorError> {
  return databar(({ vendor, deploy }) => {
    vendor.fault({ method: "POST", ...fault, when: () => !twin || vendor.seed(INPUTS).id > 0 });
    return deploy({}, { lookups: [0] }).connectors.create(INPUTS);
  });
}

function conflict(inputs: Partial<DatabarInputs>): Promise<ConnectorError> {
  return databar(({ vendor, deploy }) => {
    vendor.seed(NAMESAKE);
    return deploy().connectors.create({ ...INPUTS, ...inputs });
  });
}

function setting(name: string, value: string): Promise<ConnectorError> {
  return connectorErrorOf(
    Promise.resolve().then(() =>
      readSettings(vendor, { get: (key) => (key === `databar:${name}` ? value : undefined) }, {}),
    ),
  );
}
