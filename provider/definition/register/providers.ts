import type * as pulumi from "@pulumi/pulumi";
import { VENDORS, type VendorRow } from "../../vendors/index";
import { type Definition } from "../definition";
import { type DefinitionDiagnostic, errorAt } from "../file-diagnostic";

/** What prevents a definition from using the provider that its options name. */
export function unusableProvider(
  { vendor, options: { provider } }: Definition,
  providers: Readonly<Record<string, pulumi.ProviderResource>>,
): DefinitionDiagnostic[] {
  if (provider === undefined) {
    return [];
  }
  const usable = Object.keys(providers).filter(
    (name) => (served(providers[name])?.vendor ?? vendor) === vendor,
  );
  if (usable.includes(provider.name)) {
    return [];
  }
  const other = served(providers[provider.name]);
  return [
    errorAt(
      "definition/provider",
      provider.place,
      other
        ? `this is ${other.label} in the program, which serves another vendor`
        : "the program passes no provider of this name",
      usable.length === 0
        ? "Pass it in providers: {…} of ConnectorDefinitions"
        : `Known: ${usable.join(", ")}`,
    ),
  ];
}

/** Definitions that name no provider can have one explicit provider per vendor. */
export function checkProviderOptions({
  provider,
  providers = {},
}: pulumi.ComponentResourceOptions): string[] {
  const all = [...new Set([...Object.values(providers), provider])].flatMap(
    (each) => served(each) ?? [],
  );
  return Object.values(VENDORS).flatMap((row) => {
    const labels = all.filter(({ vendor }) => vendor === row).map(({ label }) => label);
    return labels.length < 2
      ? []
      : `${labels.join(" and ")} serve the same vendor. Pass one of them here, and the others by name in providers: {…} of the arguments.`;
  });
}

/**
 * The vendor of an explicit provider; `undefined` for one of another class, which may serve any.
 */
function served(
  provider: pulumi.ProviderResource | undefined,
): { readonly vendor: VendorRow; readonly label: string } | undefined {
  for (const vendor of Object.values(VENDORS)) {
    const { Provider } = vendor.classes();
    if (provider instanceof Provider) {
      return { vendor, label: provider.label };
    }
  }
  return undefined;
}
