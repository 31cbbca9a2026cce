/** Which key of a fleet goes on with which connector: by the id that it names, then by the key. */
import { type Member, matchMembers } from "../../../provider/lifecycle/fleet";
import { makeState } from "../../../provider/model/state";

type Ids = Readonly<Record<string, string | undefined>>;

const stored = (ids: Ids): ReadonlyMap<string, Member> =>
  new Map(
    Object.entries(ids).map(([key, id = ""]) => [key, { id, state: makeState({ name: key }) }]),
  );

test.each<[string, stored: Ids, wanted: Ids, members: Ids, unmatched: readonly string[]]>([
  ["keys that name nothing", { a: "1", b: "2" }, { b: undefined }, { a: "1", b: "2" }, []],
  ["a new key that names nothing", { a: "1" }, { b: undefined }, { a: "1" }, []],
  ["a new key that names a new id", { a: "1" }, { b: "9" }, { a: "1" }, []],
  ["a key that names its own id", { a: "1" }, { a: "1" }, { a: "1" }, []],
  ["a key that names a new id", { a: "1" }, { a: "9" }, { a: "1" }, []],
  ["a renamed key, by its id", { a: "1" }, { b: "1" }, { b: "1" }, []],
  ["two keys that swap", { a: "1", b: "2" }, { a: "2", b: "1" }, { a: "2", b: "1" }, []],
  ["a key that names another one's id", { a: "1", b: "2" }, { a: "2" }, { a: "2" }, ["a"]],
  [
    "the same, beside the other one",
    { a: "1", b: "2" },
    { a: "2", b: undefined },
    { a: "2" },
    ["a"],
  ],
  ["two that name one id, the owner last", { a: "1" }, { b: "1", a: "1" }, { a: "1" }, []],
  ["two that name one id, the owner first", { a: "1" }, { a: "1", b: "1" }, { a: "1" }, []],
  ["two new keys that name one id", { a: "1" }, { b: "1", c: "1" }, { b: "1" }, []],
])("%s", (_, before, wanted, expected, left) => {
  const { members, unmatched } = matchMembers(stored(before), new Map(Object.entries(wanted)));

  expect(Object.fromEntries([...members].map(([key, { id }]) => [key, id]))).toEqual(expected);
  expect(unmatched.map(([key]) => key)).toEqual(left);
});
