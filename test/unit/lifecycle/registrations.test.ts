/** What a definition says of its connector before anything is known of the vendor. */
import { type Addressing } from "../../../provider/lifecycle/adapter";
import { type Expected, placeOf, registrationOf } from "../../../provider/lifecycle/registrations";
import { type OnConflict } from "../../../provider/model/field";
import { type Stages } from "../../../provider/model/state";

interface Scoped extends Stages {
  readonly inputs: {
    readonly name: string;
    readonly team?: string;
    readonly id?: string;
    readonly onConflict?: OnConflict;
  };
}

const addressing = {
  scopeOf: ({ team }: Partial<Scoped["inputs"]>) => team,
  adopts: ({ id }: Partial<Scoped["inputs"]>) => id,
  formatId: ({ scope, key }: { scope: string; key: string }) => `${scope}/${key}`,
} as Addressing<Scoped>;

test.each<[Partial<Scoped["inputs"]>, Expected]>([
  [{}, {}],
  [{ id: "7" }, {}],
  [{ team: "t" }, { scope: "t" }],
  [
    { team: "t", id: "7" },
    { scope: "t", id: "t/7" },
  ],
])("the place of %j is %j", (inputs, place) =>
  expect(placeOf(addressing, inputs)).toStrictEqual(place),
);

test.each<[Partial<Scoped["inputs"]>, Partial<Scoped["inputs"]> | undefined, object]>([
  [{}, undefined, { name: "" }],
  [{ name: "a", id: "7" }, undefined, { name: "a" }],
  [{ name: "a", team: "t", id: "7" }, undefined, { name: "a", adopts: "t/7" }],
  [{ name: "a", team: "t" }, {}, { name: "a", previous: {} }],
  [{ name: "a" }, { team: "t", id: "7" }, { name: "a", previous: { scope: "t", id: "t/7" } }],
  [{ name: "a", onConflict: "create" }, undefined, { name: "a", isAlwaysNew: true }],
  [{ name: "a", onConflict: "adopt" }, undefined, { name: "a" }],
])("%j after %j is registered as %j", (inputs, previous, registration) =>
  expect(registrationOf(addressing, inputs, previous)).toStrictEqual(registration),
);
