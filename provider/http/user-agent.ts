import { readFileSync } from "node:fs";
import { join } from "node:path";

let agent: string | undefined;

/** What requests say they come from, for example `pulumi-connectors/0.1.0 (+node/v20.20.2)`. */
export function userAgent(): string {
  agent ??= `pulumi-connectors/${packageVersion()} (+node/${process.version})`;
  return agent;
}

/** `package.json` is two levels up, from `provider/http/` as from `dist/http/`. */
function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "unknown";
}
