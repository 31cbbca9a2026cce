/** The file lists of `npm run mutation` follow the layout of the repository. */
import { trackedFiles } from "../harness/sources";
import { PARTS, patternOf } from "./mutation/parts";

test.each(Object.entries(PARTS))("every pattern of the part %s matches a file", (_, part) => {
  const files = trackedFiles();
  const globs = [...part.mutate, ...part.tests, ...part.ignoredTests];
  const unmatched = globs.filter((glob) => {
    const pattern = patternOf(glob.replace(/^!/, ""));
    return !files.some((file) => pattern.test(file));
  });
  expect(unmatched).toEqual([]);
});
