import { joinPath, suggest } from "../../diagnostics";
import { isObject } from "../../json";
import { differingPaths } from "../../model/differences";
import { withoutSecrets } from "../../model/known-secrets";
import { headerOf, type RenderedRequest } from "../../model/rendered-request";
import { type Definition } from "../definition";
import { type DefinitionDiagnostic, errorAt, warningAt } from "../file-diagnostic";
import { unknownKeys } from "../options";
import { type MapNode, type Node, valueOf } from "../read/node";
import { renderRequests } from "./render-requests";

/** What an example may say of the request. */
const EXPECTED = ["method", "url", "headers", "body"] as const;
const KEYS: readonly string[] = ["name", "row", "report", ...EXPECTED];

/** The longest part of a request in a message. */
const LONGEST = 300;

/**
 * Checks the examples of a valid definition: the request that it makes for each row. No network, and
 * no values of references.
 */
export function checkExamples(definition: Definition, cwd: string): DefinitionDiagnostic[] {
  const { examples, name } = definition;
  if (examples === undefined) {
    return [];
  }
  if (examples.kind !== "list") {
    return [
      shapeError(
        examples,
        "examples must be a list",
        "Example: examples: [{row: {domain: acme.com}, body: …}]",
        joinPath("connectors", name, "examples"),
      ),
    ];
  }
  return examples.items.flatMap((example, index) =>
    new ExampleCheck(definition, joinPath("connectors", name, "examples", index)).check(
      example,
      cwd,
    ),
  );
}

function shapeError(node: Node, message: string, hint: string, path: string): DefinitionDiagnostic {
  return errorAt("example/shape", node.key ?? node.place, message, hint, path);
}

class ExampleCheck {
  constructor(
    private readonly definition: Definition,
    private readonly path: string,
  ) {}

  check(example: Node, cwd: string): DefinitionDiagnostic[] {
    if (example.kind !== "map") {
      return [this.shape(example, "an example must be a map", "Write row and url, method or body")];
    }
    const faults = this.shapeOf(example);
    if (faults.length > 0) {
      return faults;
    }
    const row = example.entries.get("row");
    const values = row ? valueOf(row) : {};
    const rendered = renderRequests(
      this.definition,
      isObject(values) ? values : {},
      () => undefined,
      cwd,
    );
    const request = this.requestOf(example, rendered.requests);
    if ("rule" in request) {
      return [request];
    }
    // References have no values here, so that only secrets in plain text are left to mask.
    const secrets = rendered.secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
    const redact = (text: string): string => withoutSecrets(text, secrets);
    return [
      ...this.faultsOf(request, row ?? example),
      ...EXPECTED.flatMap((part) => {
        const expected = example.entries.get(part);
        return expected ? this.compare(part, expected, request, redact) : [];
      }),
    ];
  }

  private shape(node: Node, message: string, hint: string): DefinitionDiagnostic {
    return shapeError(node, message, hint, this.path);
  }

  private shapeOf(example: MapNode): DefinitionDiagnostic[] {
    const { entries } = example;
    const faults = unknownKeys(
      example,
      KEYS,
      "example/shape",
      "an example has no key of this name",
    );
    if (!EXPECTED.some((part) => entries.has(part))) {
      faults.push(
        this.shape(example, "the example expects nothing", "Write method, url, headers or body"),
      );
    }
    for (const key of ["row", "headers"]) {
      const node = entries.get(key);
      if (node && node.kind !== "map") {
        faults.push(this.shape(node, `${key} must be a map`, "Write name: value pairs"));
      }
    }
    for (const key of ["name", "report", "method", "url"]) {
      const node = entries.get(key);
      if (node && !(node.kind === "scalar" && typeof node.value === "string")) {
        faults.push(this.shape(node, `${key} must be text`, "Write it in quotes"));
      }
    }
    return faults;
  }

  private requestOf(
    example: MapNode,
    requests: readonly RenderedRequest[],
  ): RenderedRequest | DefinitionDiagnostic {
    const report = example.entries.get("report");
    const names = requests.flatMap(({ name }) => name ?? []);
    const mains = requests.filter(({ isPreparation }) => isPreparation !== true);
    if (report?.kind === "scalar") {
      const name = String(report.value);
      const meant = suggest(name, names);
      return (
        requests.find((request) => request.name === name) ??
        this.shape(
          report,
          "the connector has no report type of this id",
          meant === undefined ? `Known: ${names.join(", ")}` : `Did you mean ${meant}?`,
        )
      );
    }
    const [only] = mains;
    return only && mains.length === 1
      ? only
      : this.shape(
          example,
          only ? "the connector has several report types" : "the connector has no report type",
          names.length > 0 ? `Write report with one of ${names.join(", ")}` : "Remove the example",
        );
  }

  private faultsOf({ faults }: RenderedRequest, at: Node): DefinitionDiagnostic[] {
    return faults.map(({ severity, message, hint = "Correct the row" }) =>
      (severity === "error" ? errorAt : warningAt)(
        "example/request",
        at.key ?? at.place,
        message,
        hint.replace(/^Give it with --set.*/, "Add it to the row"),
        this.path,
      ),
    );
  }

  private compare(
    part: (typeof EXPECTED)[number],
    expected: Node,
    request: RenderedRequest,
    redact: (text: string) => string,
  ): DefinitionDiagnostic[] {
    switch (part) {
      case "method":
        return this.texts(part, expected, request.method, redact, (text) => text.toUpperCase());
      case "url":
        return this.texts(part, expected, request.url, redact);
      case "body":
        return this.body(expected, request.body, redact);
      case "headers":
        return expected.kind !== "map"
          ? []
          : [...expected.entries].flatMap(([name, value]) =>
              this.texts(`header ${name}`, value, headerOf(request, name), redact),
            );
    }
  }

  private texts(
    part: string,
    expected: Node,
    actual: string | undefined,
    redact: (text: string) => string,
    normalize: (text: string) => string = (text) => text,
  ): DefinitionDiagnostic[] {
    const value = valueOf(expected);
    const isEqual =
      value === null
        ? actual === undefined
        : actual !== undefined &&
          normalize(typeof value === "string" ? value : JSON.stringify(value)) ===
            normalize(actual);
    return isEqual ? [] : [this.differs(part, expected, actual, redact)];
  }

  /** A text is compared as it is; anything else, as JSON. */
  private body(
    expected: Node,
    actual: string | undefined,
    redact: (text: string) => string,
  ): DefinitionDiagnostic[] {
    const value = valueOf(expected);
    if (value === null || typeof value === "string") {
      return this.texts("body", expected, actual, redact, withoutLastLineEnd);
    }
    const json = actual === undefined ? undefined : parsed(actual);
    if (json === undefined) {
      return [this.differs("body", expected, actual, redact)];
    }
    const [first] = differingPaths(json, value);
    return first === undefined
      ? []
      : [this.differs(first === "" ? "body" : `body at ${first}`, expected, actual, redact)];
  }

  private differs(
    part: string,
    expected: Node,
    actual: string | undefined,
    redact: (text: string) => string,
  ): DefinitionDiagnostic {
    const shown = redact(actual ?? "").replace(/\s+/g, " ");
    return errorAt(
      "example/request",
      expected.key ?? expected.place,
      actual === undefined
        ? `the request has no ${part}`
        : `the request has another ${part}: ${shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown}`,
      "Correct the definition, or what the example expects",
      this.path,
    );
  }
}

function withoutLastLineEnd(text: string): string {
  return text.replace(/\n$/, "");
}

/** JSON, or `undefined` for another text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
