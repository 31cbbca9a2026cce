import { errorsPage } from "./errors-page";
import { pages, programs } from "./programs";
import { referencePage } from "./reference";
import { rulesPage } from "./rules-page";
import { definitionsSchema } from "./schema";
import { DOCUMENTED, pageOf } from "./vendors";

/** Every checked-in file that is made from the tables and the documents, by its path from the root. */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  const files = {
    "schema.json": `${JSON.stringify(definitionsSchema(DOCUMENTED), null, 2)}\n`,
    "docs/errors.md": `${await errorsPage()}\n`,
    "docs/rules.md": `${rulesPage()}\n`,
    ...Object.fromEntries(
      DOCUMENTED.map((vendor) => [pageOf(vendor.table), `${referencePage(vendor)}\n`]),
    ),
  };
  return { ...files, ...programs(pages(files)) };
}
