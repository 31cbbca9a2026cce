/** What a program registers of a folder. */
import { join } from "node:path";
import { registrations } from "../../../provider/definition/program";
import { databarFile, folderOf, removeFolders } from "./folder";

test("of a path that is a file, a program registers what that file defines", () => {
  const folder = folderOf({ "a.json": databarFile({ scoring: {} }), "b.json": databarFile({ other: {} }) });
  expect(registrations({ path: join(folder, "a.json"), environment: "dev" }).map(({ definition }) => definition.name)).toEqual(["scoring"]);
  removeFolders();
});
