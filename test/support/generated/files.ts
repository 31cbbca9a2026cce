import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";
import { errorsPage } from "./errors-page";
import { referencePage } from "./reference";
import { rulesPage } from "./rules-page";
import { definitionsSchema } from "./schema";

/** Every checked-in file that is made from the tables, by its path from the root. */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  return {
    "schema.json": `${JSON.stringify(definitionsSchema([databarFields, supermetricsFields]), null, 2)}\n`,
    "docs/errors.md": `${await errorsPage()}\n`,
    "docs/rules.md": `${rulesPage()}\n`,
    "docs/databar-connector.md": `${referencePage(databarFields)}\n`,
    "docs/supermetrics-connector.md": `${referencePage(supermetricsFields)}\n`,
  };
}
