/**
 * What leaves: the engine makes a resource of an error with an id, a status of a number, and prints
 * a stack.
 */
import { ConnectorError } from "../../../provider/errors";
import {
  boundaryError,
  type Hidden,
  recordingFailure,
  storedConfiguration,
} from "../../../provider/pulumi/provider/engine-errors";

const nothing: Hidden = { secret: [], possible: [] };
const STORED =
  "\n  In refresh and destroy, Pulumi uses the configuration that is stored in the stack's state. After a change of the settings, add --run-program to use the current ones.";

describe("boundaryError", () => {
  test("is a fresh Error with the message and nothing else", () => {
    const cause = Object.assign(
      new ConnectorError("invalid", "No.", {
        statusCode: 422,
        requestId: "r",
        cause: new Error("inner"),
      }),
      { id: "42" },
    );
    const error = boundaryError(cause, nothing);
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
    expect(error.message).toBe("[invalid] No.");
    expect(Object.keys(error)).toEqual([]);
    expect(error).not.toHaveProperty("id");
    expect(error).not.toHaveProperty("code");
    expect(error.cause).toBeUndefined();
  });
  test("has no stack but its first line", () =>
    expect(boundaryError(new ConnectorError("invalid", "One.\n  Two."), nothing).stack).toBe(
      "[invalid] One.",
    ));
  test("prints as the package's name where the engine prints it twice", () =>
    expect(String(boundaryError(new ConnectorError("invalid", "No."), nothing))).toBe(
      "pulumi-connectors",
    ));
  test("is at most 8,000 characters long", () =>
    expect(
      boundaryError(new ConnectorError("invalid", "x".repeat(100_000)), nothing).message,
    ).toHaveLength(8_000));
  test("holds no known secret", () => {
    const error = boundaryError(new ConnectorError("invalid", "It was s3cr3t-value."), {
      secret: ["s3cr3t-value"],
      possible: [],
    });
    expect(error.message).not.toContain("s3cr3t");
    expect(error.stack).not.toContain("s3cr3t");
  });

  describe("of a fault of our own", () => {
    test("asks to report it", () => {
      expect(boundaryError(new TypeError("x is undefined"), nothing).message).toBe(
        "Internal fault of pulumi-connectors, please report it: TypeError: x is undefined",
      );
    });
    test.each(["text", undefined, null, 5, { id: "42" }])(
      "that is no error (%j) is one when it leaves",
      (thrown) => {
        expect(boundaryError(thrown, nothing).message).toBe(
          "Internal fault of pulumi-connectors, please report it: no reason given",
        );
      },
    );
    test("holds nothing that may be a secret", () => {
      expect(
        boundaryError(new Error("bad perhaps-secret"), {
          secret: [],
          possible: ["perhaps-secret"],
        }).message,
      ).not.toContain("perhaps");
    });
  });
});

describe("the hint at the stored configuration", () => {
  test.each(["unauthorized", "forbidden", "configuration"] as const)("is given for %s", (code) =>
    expect(storedConfiguration(new ConnectorError(code, "No."))).toBe(STORED),
  );
  test.each(["not_found", "invalid", "unavailable", "timeout"] as const)(
    "is not given for %s",
    (code) => expect(storedConfiguration(new ConnectorError(code, "No."))).toBe(""),
  );
});

describe("recordingFailure", () => {
  const properties = { name: "A", __provider: "text" };
  const error = recordingFailure(
    "1/T3S70",
    "[unavailable] Down.",
    [() => properties],
    100,
  ) as Error & {
    id: string;
    reasons: string[];
    properties: object;
  };
  const large = { name: "x".repeat(100) };

  test("has exactly the shape that the engine records: id, reasons, properties", () => {
    expect(Object.keys(error).sort()).toEqual(["id", "properties", "reasons"]);
    expect(error.id).toBe("1/T3S70");
    expect(error.properties).toEqual(properties);
  });
  test("says what failed, and that the next deployment does the rest", () => {
    expect(error.reasons).toEqual([error.message]);
    expect(error.message).toBe(
      "[unavailable] Down.\n  What was done so far is recorded; the next pulumi up does the rest.",
    );
  });
  test("is short however long its cause is", () => {
    const long = recordingFailure("1", "x".repeat(100_000), [() => ({})], 100) as Error & {
      reasons: string[];
    };
    expect(long.message).toHaveLength(8_000);
    expect(long.reasons[0]).toHaveLength(8_000);
  });
  test("records the first form that there is and that fits, and makes no other", () => {
    const later = jest.fn(() => ({}));
    expect(
      recordingFailure("1", "No.", [() => undefined, () => large, () => properties, later], 100),
    ).toMatchObject({ id: "1", properties });
    expect(later).not.toHaveBeenCalled();
  });
  test("is a plain failure where none fits", () => {
    const plain = recordingFailure("1", "No.", [() => large], 100);
    expect([Object.keys(plain), plain.message]).toEqual([
      [],
      "No.\n  What was done so far is too large to be recorded; the next pulumi up finds it at the vendor, and does the rest.",
    ]);
  });
});
