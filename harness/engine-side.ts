/** The engine's side of the boundary: configurations, marks, and the stored form of what a provider answers. */
import { closeSharedHttpClients } from "../provider/http/index";
import { type StackConfig } from "../provider/pulumi/provider/settings";

/** The engine's mark of a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** The envelope of a secret value. */
export const secret = (value: unknown): object => ({ ...SECRET, value });

/** A stack configuration, as `configure` hands it over. Each call makes another deployment. */
export function configOf(namespace: string, values: Record<string, unknown>): StackConfig {
  const all: Record<string, unknown> = {
    requestsPerSecond: 1000,
    backoffSeconds: 0.001,
    ...values,
  };
  return {
    get: (key) =>
      key.startsWith(`${namespace}:`) ? all[key.slice(namespace.length + 1)] : undefined,
  };
}

/** What the engine keeps of an answer and hands back later: without envelopes, which it opens. */
export function plain(value: unknown): never {
  if (Array.isArray(value)) {
    return value.map(plain) as never;
  }
  if (typeof value !== "object" || value === null) {
    return value as never;
  }
  if (Object.keys(SECRET).every((key) => key in value)) {
    return plain((value as { value: unknown }).value);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plain(item)]),
  ) as never;
}

/** True for plain JSON, the only thing that the engine's protocol carries. */
export function isPlainJson(value: unknown): boolean {
  return (
    JSON.stringify(JSON.parse(JSON.stringify(value))) === JSON.stringify(value) &&
    !holdsUndefined(value)
  );
}

function holdsUndefined(value: unknown): boolean {
  if (value === undefined) {
    return true;
  }
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUndefined);
}

const VARIABLES = [
  "DATABAR_API_KEY",
  "DATABAR_BASE_URL",
  "SUPERMETRICS_API_KEY",
  "SUPERMETRICS_TEAM_ID",
  "SUPERMETRICS_BASE_URL",
];

/** Takes the vendors' variables out of the environment, catches what is said on standard error, and closes clients. */
export function isolate(): { said: string[] } {
  const said: string[] = [];
  const kept = { ...process.env };
  beforeEach(() => {
    said.splice(0);
    for (const name of VARIABLES) {
      Reflect.deleteProperty(process.env, name);
    }
    jest
      .spyOn(process.stderr, "write")
      .mockImplementation((text) => (said.push(String(text)), true));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await closeSharedHttpClients();
  });
  afterAll(() => void Object.assign(process.env, kept));
  return { said };
}
