/** Remote → inputs and state: the rules above `project`. */
import {
  type Supermetrics,
  type SupermetricsState,
} from "../../../../provider/vendors/supermetrics/stage-types";
import { digest, pack } from "../../../../provider/model/document";
import { without } from "../../../../provider/model/state";
import * as vendor from "../../../../provider/vendors/supermetrics/project";
import { inputsOf as checked } from "../../../../harness/lifecycle-world";
import { type Projection, makeState } from "../../../../provider/model/state";
import { supermetricsFields } from "../../../../provider/vendors/supermetrics/fields";
import { type Ref } from "../../../../provider/lifecycle/adapter";
import { type SupermetricsRemote } from "../../../../provider/vendors/supermetrics/remote";

const ref = { scope: "936506", key: "T3S70" };
const configuration = { key: "Bearer ${secrets.k}", literal: "$${x}", list: [{ n: 1 }] };
const written: SupermetricsState = {
  ...vendor.stateOf(
    checked<Supermetrics>(
      { table: supermetricsFields },
      {
        teamId: "936506",
        name: "A",
        description: "d",
        configuration,
        secrets: { k: "v" },
        logo: { path: "./a.png", sha256: "0a" },
      },
    ),
  ),
  logoUrl: "https://x/a.png?v=1",
  createdAt: "c",
  claim: "m",
};
const remote: SupermetricsRemote = {
  identifier: "T3S70",
  name: "A",
  description: "d",
  logoUrl: "https://x/a.png?v=2",
  createdAt: "c",
  updatedAt: "u",
  configurationVersion: "1.0.0",
  configuration: { list: [{ n: "1", filled: true }], literal: "${x}", key: "Bearer sec_1" },
  secrets: [{ name: "k", placeholder: "sec_1" }],
};
const project = (
  answer: SupermetricsRemote,
  place: Ref,
  state: SupermetricsState | undefined,
): Projection<Supermetrics> =>
  vendor.project(answer, place, state && makeState<Supermetrics>(state));
const inputsOf = (changes: Partial<SupermetricsRemote>, state = written) =>
  project({ ...remote, ...changes }, ref, state).inputs;

test("a connector that is what the program wrote gives back what the program wrote", () => {
  const { inputs, state } = project(remote, ref, written);
  expect(inputs).toEqual({
    teamId: "936506",
    name: "A",
    description: "d",
    configuration,
    secrets: { k: "v" },
    logo: { path: "./a.png", sha256: "0a" },
  });
  expect(state).toEqual({
    teamId: "936506",
    name: "A",
    description: "d",
    secrets: { k: "v" },
    logo: { path: "./a.png", sha256: "0a" },
    configurationDigest: digest(configuration),
    configurationSource: pack(configuration),
    logoUrl: "https://x/a.png?v=2",
    createdAt: "c",
    updatedAt: "u",
    configurationVersion: "1.0.0",
    secretPlaceholders: { k: "sec_1" },
  });
});

describe("rule 1: the configuration", () => {
  test("shows a changed leaf in the program's form", () => {
    expect(
      inputsOf({ configuration: { key: "Basic sec_1", literal: "${y}", list: [{ n: 2 }] } })[
        "configuration"
      ],
    ).toEqual({ key: "Basic ${secrets.k}", literal: "$${y}", list: [{ n: 2 }] });
  });
  test("that drifted gets another digest; its source is the program's own, as far as it is still there", () => {
    const { state } = project(
      { ...remote, configuration: { key: "Basic sec_1", list: [{ n: 2, theirs: 1 }] } },
      ref,
      written,
    );
    expect(state["configurationDigest"]).toBe(
      digest({ key: "Basic ${secrets.k}", list: [{ n: 2 }] }),
    );
    expect(vendor.sourceOf(state)).toEqual(without(configuration, "literal"));
  });
  test("with another placeholder under the same name is no drift", () => {
    expect(
      inputsOf({
        secrets: [{ name: "k", placeholder: "sec_9" }],
        configuration: { ...remote.configuration, key: "Bearer sec_9" },
      })["configuration"],
    ).toEqual(configuration);
  });
  test("with the placeholder of a secret that is gone is drift", () => {
    expect(inputsOf({ secrets: [] })["configuration"]).toEqual({
      ...configuration,
      key: "Bearer sec_1",
    });
  });
  test("uses the placeholders of the state where the answer carries none", () => {
    const rest = { ...remote, secrets: undefined };
    expect(
      project(rest, ref, { ...written, secretPlaceholders: { k: "sec_1" } }).inputs[
        "configuration"
      ],
    ).toEqual(configuration);
    expect(
      project(rest, ref, { ...written, secretPlaceholders: { k: "sec_1" } }).inputs["secrets"],
    ).toEqual({ k: "v" });
  });
  test("that the program does not manage stays out", () => {
    const rest = without(written, "configurationDigest", "configurationSource");
    const { inputs, state } = project(remote, ref, rest);
    expect(inputs).not.toHaveProperty("configuration");
    expect(state).not.toHaveProperty("configurationDigest");
  });
  test("that an answer does not carry counts as unchanged", () => {
    const rest = { ...remote, configuration: undefined };
    expect(project(rest, ref, written).inputs["configuration"]).toEqual(configuration);
  });
});

describe("rule 2: a secret", () => {
  test("whose name is there counts as unchanged", () =>
    expect(inputsOf({})["secrets"]).toEqual({ k: "v" }));
  test("whose name is gone is drift", () =>
    expect(
      inputsOf({ secrets: [] }, { ...written, secrets: { k: "v", l: "w" } })["secrets"],
    ).toEqual({}));
  test("under another placeholder than the known one is drift, and its value open", () => {
    const { inputs, state } = project(remote, ref, {
      ...written,
      secretPlaceholders: { k: "sec_0" },
    });
    expect(inputs["secrets"]).toEqual({});
    expect(state).toMatchObject({ secrets: { k: "" }, secretPlaceholders: { k: "sec_1" } });
    expect(project(remote, ref, state).inputs["secrets"]).toEqual({});
  });
  test("that the program did not write stays out", () => {
    const { inputs, state } = project(
      { ...remote, secrets: [...remote.secrets!, { name: "foreign", placeholder: "sec_2" }] },
      ref,
      written,
    );
    expect(inputs["secrets"]).toEqual({ k: "v" });
    expect(state["secretPlaceholders"]).toEqual({ k: "sec_1" });
  });
  test("stays unset where the program manages none", () => {
    const rest = without(written, "secrets");
    const { inputs, state } = project(remote, ref, rest);
    expect(inputs).not.toHaveProperty("secrets");
    expect(state).not.toHaveProperty("secretPlaceholders");
  });
});

describe("rule 3: a name or description", () => {
  const { name, description, ...rest } = remote;
  test("that the answer does not carry counts as unchanged", () => {
    expect(project(rest, ref, written).inputs).toMatchObject({ name: "A", description: "d" });
    expect(project({ ...rest, name: "B" }, ref, written).inputs).toMatchObject({
      name: "B",
      description: "d",
    });
    expect(project({ ...rest, description: "" }, ref, written).inputs).toMatchObject({ name: "A" });
  });
  test("that is empty is another one", () =>
    expect(inputsOf({ description: "" })).not.toHaveProperty("description"));
  test("stays out of what a program sees that wrote nothing", () => {
    expect(project(rest, ref, undefined).inputs).not.toHaveProperty("name");
    expect(project(rest, ref, undefined).inputs).not.toHaveProperty("description");
    expect(project(remote, ref, undefined).inputs).toMatchObject({ name, description });
  });
});

describe("rule 4: the logo", () => {
  test.each(["https://x/a.png", "https://x/a.png?v=9", "https://x/a.png#f"])(
    "at the same address, less the query (%s), is unchanged",
    (logoUrl) => expect(inputsOf({ logoUrl })["logo"]).toEqual({ path: "./a.png", sha256: "0a" }),
  );
  test("at another address is drift", () =>
    expect(inputsOf({ logoUrl: "https://x/b.png" })["logo"]).toEqual({
      path: "./a.png",
      sha256: "changed outside",
    }));
  test("counts as unchanged where an address is not known", () => {
    const unknown = without(written, "logoUrl");
    expect(inputsOf({ logoUrl: "https://x/b.png" }, unknown)["logo"]).toEqual({
      path: "./a.png",
      sha256: "0a",
    });
    expect(inputsOf({ logoUrl: undefined })["logo"]).toEqual({ path: "./a.png", sha256: "0a" });
  });
  test("that the program does not manage stays out", () => {
    const rest = without(written, "logo");
    expect(inputsOf({ logoUrl: "https://x/b.png" }, rest)).not.toHaveProperty("logo");
  });
});

test("name and description drift like any field; when it was created is kept", () => {
  const { inputs, state } = project(
    { ...remote, name: "B", description: "", createdAt: "later" },
    ref,
    written,
  );
  expect(inputs).toMatchObject({ name: "B" });
  expect(inputs).not.toHaveProperty("description");
  expect(state["createdAt"]).toBe("c");
});

test("the team is the id's", () =>
  expect(project(remote, { scope: "7", key: "T3S70" }, written).inputs["teamId"]).toBe("7"));

test("to a program that wrote nothing everything shows, the configuration in the program's form", () => {
  const seen = {
    teamId: "936506",
    name: "A",
    description: "d",
    configuration: {
      list: [{ n: "1", filled: true }],
      literal: "$${x}",
      key: "Bearer ${secrets.k}",
    },
  };
  expect(project(remote, ref, undefined)).toEqual({
    inputs: seen,
    state: {
      ...seen,
      logoUrl: "https://x/a.png?v=2",
      createdAt: "c",
      updatedAt: "u",
      configurationVersion: "1.0.0",
      secretPlaceholders: { k: "sec_1" },
    },
  });
});
