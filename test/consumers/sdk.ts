/** The versions of Pulumi's SDK that the package supports. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { npm } from "./managers";

const ROOT = resolve(__dirname, "../..");
const SDK = "@pulumi/pulumi";

/** The oldest supported version, and the newest one that runs on this version of Node.js. */
export async function sdkVersions(): Promise<{
  readonly oldest: string;
  readonly newest: string;
}> {
  const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    peerDependencies: Record<string, string>;
  };
  const range = peerDependencies[SDK] ?? "";
  const listed = JSON.parse(
    await npm(["npm", "view", `${SDK}@${range}`, "version", "engines.node", "--json"], ROOT),
  ) as { version: string; "engines.node"?: string }[];
  const own = Number(process.versions.node.split(".")[0]);
  const fitting = listed.filter(
    ({ version, "engines.node": node = "" }) =>
      !version.includes("-") && Number(/\d+/.exec(node)?.[0] ?? 0) <= own,
  );
  const [newest] = fitting
    .map(({ version }) => version)
    .sort((one, other) => other.localeCompare(one, "en", { numeric: true }));
  if (newest === undefined) {
    throw new Error(`No ${SDK}@${range} runs on Node ${process.versions.node}`);
  }
  return { oldest: range.replace(/^\D+/, ""), newest };
}
