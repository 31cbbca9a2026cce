/** `npm run api`: prints the public surface of the built package and writes it to test/api. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../harness/sources";
import { apiReports } from "./report";

for (const [file, report] of Object.entries(apiReports())) {
  writeFileSync(join(ROOT, file), report);
  process.stdout.write(`${report}\n`);
}
