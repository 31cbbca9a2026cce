import ts from "typescript";
import tseslint from "typescript-eslint";

/** What the compiler finds wrong with a file, so that one pass over the program checks types and rules. */
const typeErrors = {
  meta: { type: "problem", schema: [] },
  create: (context) => ({
    Program() {
      const { program } = context.sourceCode.parserServices;
      const file = program.getSourceFile(context.filename);
      for (const { messageText, start = 0, code } of ts.getPreEmitDiagnostics(program, file)) {
        context.report({
          loc: context.sourceCode.getLocFromIndex(start),
          message: `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
        });
      }
    },
  }),
};

export default tseslint.config(
  {
    ignores: [
      "dist/**",
      ".stryker-tmp/**",
      "node_modules/**",
      "coverage/**",
      "test/consumers/projects/native-nodejs/**",
      "**/*.js",
      "**/*.mjs",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    plugins: { compiler: { rules: { "type-errors": typeErrors } } },
    rules: {
      "compiler/type-errors": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // A test of node:test is its runner's to wait for.
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", package: "node:test", name: ["describe", "test"] },
          ],
        },
      ],
      // There are no enums here; the rule would look at every assignment all the same.
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: true },
      ],
      curly: ["error", "all"],
      complexity: ["error", 12],
      "no-restricted-syntax": [
        "error",
        { selector: "TSEnumDeclaration", message: "Use a union of literals." },
      ],
    },
  },
  {
    files: ["provider/**/*.ts", "scripts/**/*.ts", "harness/**/*.ts"],
    rules: {
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // An interface declares members that are one per field, or one per vendor; Pulumi sets them.
    files: ["**/vendors/*/index.ts", "**/register/connector-definitions.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-declaration-merging": "off",
      "@typescript-eslint/no-empty-object-type": "off",
    },
  },
  {
    files: ["test/**/*.ts", "harness/**/*.ts", "scripts/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
);
