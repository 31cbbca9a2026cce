/**
 * What the other files promise of dynamic resources holds for the native packages too: the same
 * tests, with native providers behind the engine.
 */
import { FACE } from "../../harness/in-process/stack";

/** Declares the tests of other files, each for the native packages. */
export function nativeTables(...files: readonly string[]): void {
  // Of this file's tests alone: Jest gives each file an environment of its own.
  process.env[FACE] = "native";
  for (const file of files) {
    describe(`native packages: ${file}`, () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- tests are declared here
      require(`./${file}.test`);
    });
  }
}
