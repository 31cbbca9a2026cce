import {
  type Diagnostic,
  errorDiagnostic,
  joinPath,
  suggest,
  warningDiagnostic,
} from "../../diagnostics";
import { type AdvisoryRule } from "../../model/field";
import { isObject } from "../../json";
import { readTemplate } from "./jinja/index";

/** Rules about probable mistakes that Databar accepts. */
export const databarAdvisoryRules: readonly AdvisoryRule[] = [
  function template({ bodyTemplate, body }) {
    if (typeof bodyTemplate !== "string") {
      return [];
    }
    const { variables, unknown, fault } = readTemplate(bodyTemplate);
    if (fault) {
      return [
        errorDiagnostic(
          "databar/template-syntax",
          "bodyTemplate",
          `is not valid Jinja: ${fault.message}, near line ${fault.line}, column ${fault.column} of the template`,
          "Close what was opened; {{ name }} is a variable",
        ),
      ];
    }
    const foreign = unknown.map((name) =>
      warningDiagnostic(
        "databar/template-syntax",
        "bodyTemplate",
        `uses the ${name}, which Jinja does not bring`,
        "Correct its name, unless Databar documents it",
      ),
    );
    if (!isObject(body)) {
      return foreign;
    }
    const names = Object.keys(body);
    const missing = names.length === 0 ? [] : variables.filter((name) => !names.includes(name));
    return [
      ...foreign,
      ...missing.map((name): Diagnostic => {
        const meant = suggest(name, names);
        return warningDiagnostic(
          "databar/template-variable",
          "bodyTemplate",
          `uses the variable ${name}, which body does not define`,
          meant === undefined
            ? `Add it to body, or remove body: the template replaces it`
            : `Did you mean ${meant}?`,
        );
      }),
      ...names
        .filter((name) => !variables.includes(name))
        .map((name) =>
          warningDiagnostic(
            "databar/template-variable",
            joinPath("body", name),
            "has no effect, because bodyTemplate does not use it",
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
          warningDiagnostic(
            "databar/get-body",
            name,
            "has no effect, because a get request has no body",
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
        warningDiagnostic(
          "databar/parameter-twice",
          joinPath("parameters", name),
          "is also in the query of url",
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
      warningDiagnostic(
        "databar/insecure-url",
        "url",
        "uses http, which sends everything unencrypted",
        "Use https",
      ),
    ];
  },
];
