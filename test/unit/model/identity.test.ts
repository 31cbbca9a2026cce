/** When two times of creation tell connectors apart. */
import { isAnother, isSameConnector, otherFields } from "../../../provider/model/identity";
import { databarFields } from "../../../provider/vendors/databar/fields";

const NOON = "2025-01-15T12:00:00Z";

test.each([
  ["the same text", NOON, false],
  ["the same time in another zone", "2025-01-15T13:00:00+01:00", false],
  ["the same time without a zone", "2025-01-15T12:00:00", false],
  ["fractions of a second", "2025-01-15T12:00:01.5Z", false],
  ["the day alone", "2025-01-15", false],
  ["the day alone, of a zone that is ahead", "2025-01-16", false],
  ["another day alone", "2025-01-18", true],
  ["another second", "2025-01-15T12:00:03Z", true],
  ["another time of the day", "2025-01-15T18:00:00Z", true],
  ["no time", "soon", false],
])("%s", (_, createdAt, expected) => {
  expect(isAnother({ createdAt: NOON }, createdAt)).toBe(expected);
  expect(isAnother({ createdAt }, NOON)).toBe(expected);
});

test("a time that is missing on one side proves neither", () => {
  expect(isAnother({}, NOON)).toBe(false);
  expect(isAnother({ createdAt: NOON }, undefined)).toBe(false);
  expect(isSameConnector({ name: "a" }, { createdAt: NOON, name: "a" })).toBe(false);
  expect(isSameConnector({ name: "a" }, { createdAt: undefined, name: " a" })).toBe(true);
  expect(isSameConnector({ name: "a", createdAt: NOON }, { createdAt: "soon", name: "a" })).toBe(
    false,
  );
});

describe("other fields", () => {
  const state = { name: "a", url: "https://a", headers: { A: "1" }, connectorId: 7 };
  test("are those that the state says otherwise", () => {
    expect(otherFields(databarFields, state, { ...state })).toEqual([]);
    expect(otherFields(databarFields, state, { name: "a", url: "https://b" })).toEqual([
      "url",
      "headers",
    ]);
    expect(otherFields(databarFields, { name: "a" }, state)).toEqual([]);
  });
  test("are none after a write of unknown outcome", () => {
    expect(otherFields(databarFields, { ...state, name: "" }, { name: "b" })).toEqual([]);
  });
});
