import { type FieldTable } from "../../provider/model/field";
import { errorsPage } from "./errors-page";
import { planOutputPage } from "./plan-output-page";
import { packageSchema, packageSchemaOf } from "./package-schema";
import { pages, programs } from "./programs";
import { referencePage } from "./reference";
import { rulesPage } from "./rules-page";
import { definitionsSchema } from "./schema";
import { typesFile } from "./types";
import { documentedVendors, pageOf } from "./vendors";
import { VENDOR_NAMES } from "../../provider/vendors/index";
import { acmeFields } from "../../test/fixtures/third-vendor/vendors/acme/fields";

/** The types of the made-up vendor of the tests. */
export const ACME_TYPES = "test/fixtures/third-vendor/vendors/acme/types.ts";

/** Path of a vendor's types. */
export function typesOf({ vendor }: FieldTable): string {
  return `provider/vendors/${vendor.toLowerCase()}/types.ts`;
}

/**
 * Every checked-in file that is made from the tables and the documents, by its path from the root.
 */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  const vendors = documentedVendors();
  const files = {
    "schema.json": `${JSON.stringify(definitionsSchema(vendors), null, 2)}\n`,
    ...Object.fromEntries(
      VENDOR_NAMES.map((vendor) => [
        packageSchemaOf(vendor),
        `${JSON.stringify(packageSchema(vendor), null, 2)}\n`,
      ]),
    ),
    "docs/errors.md": `${await errorsPage()}\n`,
    "docs/plan-output.md": `${planOutputPage()}\n`,
    "docs/rules.md": `${rulesPage()}\n`,
    ...Object.fromEntries(vendors.map(({ table }) => [typesOf(table), typesFile(table)])),
    [ACME_TYPES]: typesFile(acmeFields, "../../../../../provider"),
    ...Object.fromEntries(
      vendors.map((vendor) => [pageOf(vendor.table), `${referencePage(vendor)}\n`]),
    ),
  };
  return { ...files, ...programs(pages(files)) };
}
