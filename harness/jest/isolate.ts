import { closeSharedHttpClients } from "../../provider/http/index";

const VARIABLES = [
  "DATABAR_API_KEY",
  "DATABAR_BASE_URL",
  "SUPERMETRICS_API_KEY",
  "SUPERMETRICS_TEAM_ID",
  "SUPERMETRICS_BASE_URL",
];

/**
 * Unsets the variables of the vendors for each test, captures standard error, and closes shared
 * clients.
 */
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
