import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build as esbuild, type Plugin } from "esbuild";
import { type VendorName } from "../../provider/vendors/resources";
import { packageName, packageVersion } from "../../provider/version";
import { packageSchemaOf } from "../generate/package-schema";

const ROOT = resolve(__dirname, "../..");

/** The oldest Node.js that the package supports. */
const TARGET = "node20.18.1";

/** What a bundle has of its own in place of a file that reads what is installed beside it. */
const REPLACED: Readonly<Record<string, string>> = {
  "provider/pulumi/protocol/grpc.ts": `export const loadGrpc = () => require("@grpc/grpc-js");`,
  "provider/version.ts": [
    `export const packageName = () => ${JSON.stringify(packageName())};`,
    `export const packageVersion = () => ${JSON.stringify(packageVersion())};`,
  ].join("\n"),
};

export interface Bundle {
  /** A program for Node.js that needs no other file. */
  readonly code: string;
  /** The folders of the packages that it contains, such as `node_modules/undici`. */
  readonly packages: readonly string[];
}

/** Bundles the provider of a vendor's package, with its schema. */
export async function bundle(vendor: VendorName): Promise<Bundle> {
  const schema = JSON.stringify(
    JSON.parse(readFileSync(join(ROOT, packageSchemaOf(vendor)), "utf8")),
  );
  const entry = `
    import { host } from "./provider/plugin/host";
    import { ${vendor} } from "./provider/vendors/${vendor}/vendor";
    void host(${vendor}, () => ${JSON.stringify(schema)});
  `;
  const { outputFiles, metafile } = await esbuild({
    stdin: { contents: entry, resolveDir: ROOT, loader: "ts" },
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: TARGET,
    banner: { js: "#!/usr/bin/env node" },
    // Optional, and shared with the tracer of the process, which a bundle has not.
    external: ["@opentelemetry/api"],
    plugins: [replacements()],
    legalComments: "none",
    metafile: true,
    write: false,
  });
  const inputs = Object.keys(metafile.inputs);
  const missing = Object.keys(REPLACED).filter((file) => !inputs.includes(file));
  if (missing.length > 0) {
    throw new Error(`The bundle of ${vendor} has no ${missing.join(", ")} to replace.`);
  }
  return { code: outputFiles[0]?.text ?? "", packages: packagesOf(inputs) };
}

function replacements(): Plugin {
  return {
    name: "replacements",
    setup(build) {
      for (const [file, contents] of Object.entries(REPLACED)) {
        const path = resolve(ROOT, file).replace(/[.\\]/g, "\\$&");
        build.onLoad({ filter: new RegExp(`^${path}$`) }, () => ({ contents, resolveDir: ROOT }));
      }
    },
  };
}

function packagesOf(inputs: readonly string[]): string[] {
  const folders = inputs.map((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}
