/** `npm run api`: prints the public surface of what is built, and writes it where the test compares it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../harness/sources";
import { apiReports } from "./report";

for (const [file, report] of Object.entries(apiReports())) {
  writeFileSync(join(ROOT, file), report);
  process.stdout.write(`${report}\n`);
}
