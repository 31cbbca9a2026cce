/**
 * Checks the tarball with two public tools: whether Node.js and all kinds of compilers resolve its
 * code and types.
 */
import { readFileSync } from "node:fs";

/** The problems, one line each. */
export async function packageProblems(tarball: string): Promise<string[]> {
  const content = new Uint8Array(readFileSync(tarball));
  return [...(await publintProblems(content)), ...(await typeProblems(content))];
}

async function publintProblems(content: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages, pkg } = await publint({ pack: { tarball: content.buffer }, strict: true });
  return messages.map(
    (message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
  );
}

async function typeProblems(content: Uint8Array): Promise<string[]> {
  const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
  const analysis = await checkPackage(createPackageFromTarballData(content));
  if (analysis.types === false) {
    return ["types: there are none"];
  }
  return analysis.problems.map((problem) => `types: ${JSON.stringify(problem)}`);
}
