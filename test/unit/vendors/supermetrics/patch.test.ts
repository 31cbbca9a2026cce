/** Inputs and state → the requests to send: one group of tests per rule above `patch`. */
import { type Inputs, makeState, without } from "../../../../provider/model/state";
import { supermetricsFields } from "../../../../provider/vendors/supermetrics/fields";
import { patch } from "../../../../provider/vendors/supermetrics/patch";
import { stateOf } from "../../../../provider/vendors/supermetrics/project";
import {
  type Supermetrics,
  type SupermetricsRequest,
  type SupermetricsState,
} from "../../../../provider/vendors/supermetrics/stage-types";
import { type SupermetricsInputs } from "../../../../provider/vendors/supermetrics/types";
import { inputsOf } from "../../../../harness/lifecycle-world";

const inputs: SupermetricsInputs = {
  teamId: "1",
  name: "A",
  description: "d",
  configuration: { key: "${secrets.k}", n: 1 },
  secrets: { k: "v", other: "w" },
  logo: { path: "./a.png", sha256: "0a" },
};
const state: SupermetricsState = {
  ...stateOf(checked(inputs)),
  secretPlaceholders: { k: "sec_1", other: "sec_2" },
  logoUrl: "https://x",
};
const nothing: Calls = {
  secrets: {},
  obsolete: [],
  connector: false,
  configuration: false,
  logo: false,
};

function checked(args: SupermetricsInputs): Inputs<Supermetrics> {
  return inputsOf<Supermetrics>({ table: supermetricsFields }, args);
}

function requests(args: SupermetricsInputs, held: SupermetricsState): SupermetricsRequest[] {
  return patch(checked(args), makeState<Supermetrics>(held), undefined);
}

/** What the requests write. */
interface Calls {
  readonly secrets: Readonly<Record<string, string>>;
  readonly obsolete: readonly string[];
  readonly connector: boolean;
  readonly configuration: boolean;
  readonly logo: boolean;
}

function calls(args: SupermetricsInputs, held: SupermetricsState): Calls {
  const secrets: Record<string, string> = {};
  const obsolete: string[] = [];
  let [connector, configuration, logo] = [false, false, false];
  for (const request of requests(args, held)) {
    switch (request.operation) {
      case "createSecret":
        secrets[request.body.secret_name] = request.body.secret_value;
        break;
      case "setSecret":
        secrets[request.secret.name] = request.body.secret_value;
        break;
      case "removeSecret":
        obsolete.push(request.secret.name);
        break;
      case "updateConnector":
        connector = request.body.connector !== undefined;
        configuration = request.body.configuration !== undefined;
        break;
      case "setLogo":
        logo = true;
        break;
      case "leaveSecret":
      case "listSecrets":
        throw new Error("every placeholder is known");
    }
  }
  return { secrets, obsolete, connector, configuration, logo };
}

test("no difference, no call", () => expect(calls(inputs, state)).toEqual(nothing));

describe("rule 1: a secret", () => {
  test("is written when its value is not the one that the state holds", () =>
    expect(calls({ ...inputs, secrets: { k: "new", other: "w" } }, state)).toEqual({
      ...nothing,
      secrets: { k: "new" },
    }));
  test("is written when the state holds none", () => {
    expect(calls({ ...inputs, secrets: { k: "v", other: "w", third: "x" } }, state)).toEqual({
      ...nothing,
      secrets: { third: "x" },
    });
    expect(calls(inputs, { ...state, secrets: {} }).secrets).toEqual({ k: "v", other: "w" });
  });
  test("is deleted when it left the map", () =>
    expect(calls({ ...inputs, secrets: { k: "v" } }, state)).toEqual({
      ...nothing,
      obsolete: ["other"],
    }));
  test("is deleted when the map is empty, and left alone when the map is missing", () => {
    expect(calls({ ...inputs, secrets: {} }, state).obsolete).toEqual(["k", "other"]);
    expect(calls(without(inputs, "secrets", "configuration"), state)).toEqual(nothing);
  });
  test("that the state does not know of is left alone", () =>
    expect(
      calls(inputs, {
        ...state,
        secretPlaceholders: { k: "sec_1", other: "sec_2", foreign: "sec_3" },
      }),
    ).toEqual(nothing));
});

describe("rule 2: name and description", () => {
  test("travel when the name differs", () =>
    expect(calls({ ...inputs, name: "B" }, state)).toEqual({ ...nothing, connector: true }));
  test("travel when the description differs", () =>
    expect(calls({ ...inputs, description: "e" }, state)).toEqual({ ...nothing, connector: true }));
  test("travel when the description was removed", () => {
    const rest = without(inputs, "description");
    expect(calls(rest, state)).toEqual({ ...nothing, connector: true });
  });
  test("stay when they only differ in form", () => {
    const rest = without(inputs, "description");
    expect(calls({ ...rest, name: " A " }, { ...state, description: "" })).toEqual(nothing);
    expect(calls({ ...inputs, description: "" }, without(state, "description"))).toEqual(nothing);
  });
});

describe("rule 3: the configuration", () => {
  test("is sent when its digest changed", () =>
    expect(calls({ ...inputs, configuration: { key: "${secrets.k}", n: 2 } }, state)).toEqual({
      ...nothing,
      configuration: true,
    }));
  test("is not sent for another order of keys", () =>
    expect(calls({ ...inputs, configuration: { n: 1, key: "${secrets.k}" } }, state)).toEqual(
      nothing,
    ));
  test("is sent when the state has no digest", () => {
    const rest = without(state, "configurationDigest");
    expect(calls(inputs, rest)).toEqual({ ...nothing, configuration: true });
  });
  test("is sent when a secret that it names gets a placeholder", () => {
    expect(
      calls(inputs, { ...state, secrets: { other: "w" }, secretPlaceholders: { other: "sec_2" } }),
    ).toEqual({ ...nothing, secrets: { k: "v" }, configuration: true });
  });
  test("is not sent when a secret that it does not name gets one", () => {
    expect(
      calls(inputs, { ...state, secrets: { k: "v" }, secretPlaceholders: { k: "sec_1" } }),
    ).toEqual({ ...nothing, secrets: { other: "w" } });
  });
  test("is not sent when a secret that has a placeholder is only set", () =>
    expect(calls({ ...inputs, secrets: { k: "new", other: "w" } }, state).configuration).toBe(
      false,
    ));
  test("is left alone when the program writes none", () => {
    const rest = without(inputs, "configuration");
    expect(calls(rest, state)).toEqual(nothing);
  });
});

describe("rule 4: the logo", () => {
  test("is sent when its content changed", () =>
    expect(calls({ ...inputs, logo: { path: "./a.png", sha256: "0b" } }, state)).toEqual({
      ...nothing,
      logo: true,
    }));
  test("is not sent when only its path changed", () =>
    expect(calls({ ...inputs, logo: { path: "./b.png", sha256: "0a" } }, state)).toEqual(nothing));
  test("is sent when the state knows none", () => {
    const rest = without(state, "logo");
    expect(calls(inputs, rest)).toEqual({ ...nothing, logo: true });
  });
  test("is left alone when the program writes none", () => {
    const rest = without(inputs, "logo");
    expect(calls(rest, state)).toEqual(nothing);
  });
});

describe("the requests, as data", () => {
  const changed: SupermetricsInputs = {
    ...inputs,
    name: "B",
    configuration: { key: "${secrets.k} ${secrets.fresh}" },
    secrets: { k: "new", fresh: "x" },
    logo: { path: "./a.png", sha256: "0b" },
  };
  test("come in order: secrets, one update, the logo, then what nothing names any more", () =>
    expect(requests(changed, state).map(({ operation, part }) => [operation, part])).toEqual([
      ["setSecret", "secrets.k"],
      ["createSecret", "secrets.fresh"],
      ["updateConnector", "connector"],
      ["setLogo", "logo"],
      ["removeSecret", "secrets.other"],
    ]));
  test("hold what is sent; a placeholder that is not known yet is named as missing", () => {
    const [set, create, update] = requests(changed, state);
    expect(set).toMatchObject({
      secret: { name: "k", placeholder: "sec_1" },
      body: { secret_value: "new" },
    });
    expect(create).toMatchObject({ body: { secret_name: "fresh", secret_value: "x" } });
    expect(update).toMatchObject({
      body: {
        connector: { name: "B", description: "d" },
        configuration: { configuration_json: { key: "sec_1 ${secrets.fresh}" } },
      },
      missing: ["fresh"],
    });
  });
  test("say what the state holds after each, and while the outcome is unknown", () => {
    const [set, , update, logo, remove] = requests(changed, state);
    expect(set).toMatchObject({
      sets: { secrets: { k: "new", other: "w" } },
      leavesOpen: { secrets: { k: "", other: "w" } },
      ifGone: { secretPlaceholders: { other: "sec_2" }, configurationDigest: undefined },
    });
    expect(update).toMatchObject({
      sets: { name: "B", updatedAt: undefined },
      leavesOpen: { name: "", configurationDigest: undefined },
    });
    expect(logo).toMatchObject({ sets: { logo: changed.logo }, leavesOpen: { logo: undefined } });
    expect(remove).toMatchObject({
      sets: { secrets: { k: "v" }, secretPlaceholders: { k: "sec_1" } },
      leavesOpen: { secrets: { k: "v", other: "" } },
    });
  });
  test("begin with a look-up where no placeholder is known and one is needed", () => {
    const unlisted = without(state, "secretPlaceholders");
    expect(requests(changed, unlisted)[0]).toMatchObject({
      operation: "listSecrets",
      isLookup: true,
    });
    expect(requests({ ...inputs, name: "B" }, unlisted)).toHaveLength(1);
  });
  test("look up a secret that may have been created before it is given up", () =>
    expect(
      requests(inputs, { ...state, secrets: { k: "v", other: "w", lost: "" } }).map(
        ({ operation }) => operation,
      ),
    ).toEqual(["listSecrets"]));
});
