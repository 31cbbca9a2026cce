import { type Diagnostic, joinPath, suggest } from "../../diagnostics";
import { type AdvisoryRule } from "../../model/field";
import { isObject } from "../../json";
import { readTemplate } from "./jinja";

/** What is probably a mistake in a Databar definition, though Databar would take it. */
export const databarAdvisoryRules: readonly AdvisoryRule[] = [
  function template({ bodyTemplate, body }) {
    if (typeof bodyTemplate !== "string") {
      return [];
    }
    const { variables, fault } = readTemplate(bodyTemplate);
    if (fault) {
      const at =
        fault.line === undefined
          ? ""
          : `, near line ${fault.line}, column ${fault.column ?? 1} of the template`;
      return [
        {
          severity: "error",
          rule: "databar/template-syntax",
          path: "bodyTemplate",
          message: `is no Jinja: ${fault.message}${at}`,
          hint: "Close what was opened; {{ name }} is a variable",
        },
      ];
    }
    if (!isObject(body)) {
      return [];
    }
    const names = Object.keys(body);
    const missing = names.length === 0 ? [] : variables.filter((name) => !names.includes(name));
    return [
      ...missing.map((name): Diagnostic => {
        const meant = suggest(name, names);
        return warning(
          "databar/template-variable",
          "bodyTemplate",
          `uses the variable ${name}, which body does not name`,
          meant === undefined
            ? `Add it to body, or remove body: the template's variables take its place`
            : `Did you mean ${meant}?`,
        );
      }),
      ...names
        .filter((name) => !variables.includes(name))
        .map((name) =>
          warning(
            "databar/template-variable",
            joinPath("body", name),
            "has no effect: bodyTemplate is set, and does not use it",
            `Write {{ ${name} }} in the template, or remove it`,
          ),
        ),
    ];
  },
  function bodyOfGet({ method, body, bodyTemplate }) {
    const written = [
      isObject(body) && Object.keys(body).length > 0 ? "body" : undefined,
      typeof bodyTemplate === "string" && bodyTemplate !== "" ? "bodyTemplate" : undefined,
    ].filter((name) => name !== undefined);
    return method === "get"
      ? written.map((name) =>
          warning(
            "databar/get-body",
            name,
            "a request with method get carries no body",
            "Use parameters, or method: post",
          ),
        )
      : [];
  },
  function parameterTwice({ url, parameters }) {
    if (typeof url !== "string" || !isObject(parameters)) {
      return [];
    }
    const inUrl = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? "");
    return Object.keys(parameters)
      .filter((name) => inUrl.has(name))
      .map((name) =>
        warning(
          "databar/parameter-twice",
          joinPath("parameters", name),
          "is in the query of url too",
          "Keep one of the two",
        ),
      );
  },
  function insecure({ url }) {
    if (
      typeof url !== "string" ||
      !/^http:\/\//i.test(url) ||
      /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/i.test(url)
    ) {
      return [];
    }
    return [
      warning(
        "databar/insecure-url",
        "url",
        "is http: what it carries can be read on the way",
        "Use https",
      ),
    ];
  },
];

function warning(rule: string, path: string, message: string, hint: string): Diagnostic {
  return { severity: "warning", rule, path, message, hint };
}
