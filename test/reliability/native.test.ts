/**
 * What the other files promise of dynamic resources holds for the native packages too: the same
 * tests, with native providers behind the engine.
 */
import { FACE } from "../../harness/in-process/stack";

beforeAll(() => void (process.env[FACE] = "native"));
afterAll(() => void Reflect.deleteProperty(process.env, FACE));

const TABLES = [
  "create",
  "drift",
  "interruptions",
  "lookups",
  "secrets",
  "unchanged",
  "written-once",
];

for (const tests of TABLES) {
  describe(`native packages: ${tests}`, () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- tests are declared here
    require(`./${tests}.test`);
  });
}
