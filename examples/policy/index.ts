import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import { connectorsOf, stackOf } from "./connectors";
import { credentials } from "./credentials";
import { type Rule } from "./rule";
import { hosts, naming, protection, rateLimits } from "./rules";

new PolicyPack("connectors", {
  enforcementLevel: "mandatory",
  policies: [
    policyOf(hosts),
    policyOf(naming),
    policyOf(credentials),
    policyOf(rateLimits),
    policyOf(protection),
  ],
});

function policyOf<C>(rule: Rule<C>): ResourceValidationPolicy {
  const { name, description, enforcementLevel, settings, defaults } = rule;
  return {
    name,
    description,
    enforcementLevel,
    configSchema: { properties: settings },
    validateResource: (args, reportViolation) => {
      const { type, props, opts, urn } = args;
      const connectors = connectorsOf(type, props);
      if (connectors !== undefined) {
        const resource = { connectors, stack: stackOf(urn), protect: opts.protect, props };
        const chosen = { ...defaults, ...args.getConfig<Partial<C>>() };
        rule.problems(resource, chosen).forEach((problem) => reportViolation(problem));
      }
    },
  };
}
