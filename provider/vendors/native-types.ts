/** Ends of the types of a package's resources. */
export const CONNECTOR = ":index:Connector";
export const FLEET = ":index:Fleet";

/** The types of the resources of a vendor's package. */
export function resourceTypes(namespace: string): readonly string[] {
  return [`${namespace}${CONNECTOR}`, `${namespace}${FLEET}`];
}
