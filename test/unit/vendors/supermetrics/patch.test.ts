/** Inputs and state → the calls to make: one group of tests per rule above `patch`. */
import { type Inputs, type State, without } from "../../../../provider/model/state";
import { stateOf } from "../../../../provider/vendors/supermetrics/project";
import { type Patch, patch } from "../../../../provider/vendors/supermetrics/patch";

const inputs: Inputs = {
  teamId: "1",
  name: "A",
  description: "d",
  configuration: { key: "${secrets.k}", n: 1 },
  secrets: { k: "v", other: "w" },
  logo: { path: "./a.png", sha256: "0a" },
};
const state: State = {
  ...stateOf(inputs),
  secretPlaceholders: { k: "sec_1", other: "sec_2" },
  logoUrl: "https://x",
};
const nothing: Patch = {
  secrets: {},
  obsolete: [],
  connector: false,
  configuration: false,
  logo: false,
};

test("no difference, no call", () => expect(patch(inputs, state)).toEqual(nothing));

describe("rule 1: a secret", () => {
  test("is written when its value is not the one that the state holds", () =>
    expect(patch({ ...inputs, secrets: { k: "new", other: "w" } }, state)).toEqual({
      ...nothing,
      secrets: { k: "new" },
    }));
  test("is written when the state holds none", () => {
    expect(patch({ ...inputs, secrets: { k: "v", other: "w", third: "x" } }, state)).toEqual({
      ...nothing,
      secrets: { third: "x" },
    });
    expect(patch(inputs, { ...state, secrets: {} }).secrets).toEqual({ k: "v", other: "w" });
  });
  test("is deleted when it left the map", () =>
    expect(patch({ ...inputs, secrets: { k: "v" } }, state)).toEqual({
      ...nothing,
      obsolete: ["other"],
    }));
  test("is deleted when the map is gone", () => {
    const rest = without(inputs, "secrets", "configuration");
    expect(patch(rest, state).obsolete).toEqual(["k", "other"]);
    expect(patch({ ...inputs, secrets: {} }, state).obsolete).toEqual(["k", "other"]);
  });
  test("that the state does not know of is left alone", () =>
    expect(
      patch(inputs, {
        ...state,
        secretPlaceholders: { k: "sec_1", other: "sec_2", foreign: "sec_3" },
      }),
    ).toEqual(nothing));
});

describe("rule 2: name and description", () => {
  test("travel when the name differs", () =>
    expect(patch({ ...inputs, name: "B" }, state)).toEqual({ ...nothing, connector: true }));
  test("travel when the description differs", () =>
    expect(patch({ ...inputs, description: "e" }, state)).toEqual({ ...nothing, connector: true }));
  test("travel when the description was removed", () => {
    const rest = without(inputs, "description");
    expect(patch(rest, state)).toEqual({ ...nothing, connector: true });
  });
  test("stay when they only differ in form", () => {
    const rest = without(inputs, "description");
    expect(patch({ ...rest, name: " A " }, { ...state, description: "" })).toEqual(nothing);
    expect(patch({ ...inputs, description: "" }, { ...state, description: null })).toEqual(nothing);
  });
});

describe("rule 3: the configuration", () => {
  test("is sent when its mark changed", () =>
    expect(patch({ ...inputs, configuration: { key: "${secrets.k}", n: 2 } }, state)).toEqual({
      ...nothing,
      configuration: true,
    }));
  test("is not sent for another order of keys", () =>
    expect(patch({ ...inputs, configuration: { n: 1, key: "${secrets.k}" } }, state)).toEqual(
      nothing,
    ));
  test("is sent when the state has no mark", () => {
    const rest = without(state, "configurationDigest");
    expect(patch(inputs, rest)).toEqual({ ...nothing, configuration: true });
  });
  test("is sent when a secret that it names gets a placeholder", () => {
    expect(
      patch(inputs, { ...state, secrets: { other: "w" }, secretPlaceholders: { other: "sec_2" } }),
    ).toEqual({ ...nothing, secrets: { k: "v" }, configuration: true });
  });
  test("is not sent when a secret that it does not name gets one", () => {
    expect(
      patch(inputs, { ...state, secrets: { k: "v" }, secretPlaceholders: { k: "sec_1" } }),
    ).toEqual({ ...nothing, secrets: { other: "w" } });
  });
  test("is not sent when a secret that has a placeholder is only set", () =>
    expect(patch({ ...inputs, secrets: { k: "new", other: "w" } }, state).configuration).toBe(
      false,
    ));
  test("is left alone when the program writes none", () => {
    const rest = without(inputs, "configuration");
    expect(patch(rest, state)).toEqual(nothing);
  });
});

describe("rule 4: the logo", () => {
  test("is sent when its content changed", () =>
    expect(patch({ ...inputs, logo: { path: "./a.png", sha256: "0b" } }, state)).toEqual({
      ...nothing,
      logo: true,
    }));
  test("is not sent when only its path changed", () =>
    expect(patch({ ...inputs, logo: { path: "./b.png", sha256: "0a" } }, state)).toEqual(nothing));
  test("is sent when the state knows none", () => {
    const rest = without(state, "logo");
    expect(patch(inputs, rest)).toEqual({ ...nothing, logo: true });
  });
  test("is left alone when the program writes none", () => {
    const rest = without(inputs, "logo");
    expect(patch(rest, state)).toEqual(nothing);
  });
});
