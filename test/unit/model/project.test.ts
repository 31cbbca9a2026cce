/** Remote → the program's values: one group of tests per rule listed above `projectFields`. */
import { type FieldTable } from "../../../provider/model/field";
import { projectFields, type RemoteValues } from "../../../provider/model/project";

const common = { description: "", example: "" } as const;
const table: FieldTable = {
  vendor: "Acme",
  resource: "AcmeConnector",
  docs: "https://docs.example.com/",
  fields: [
    { ...common, name: "name", vendorName: "name", kind: "text", required: true },
    { ...common, name: "type", vendorName: "type", kind: "choice", default: "enrichment" },
    { ...common, name: "note", vendorName: "note", kind: "text", default: "" },
    {
      ...common,
      name: "headers",
      vendorName: "headers",
      kind: "entries",
      default: {},
      caseInsensitiveKeys: true,
    },
    { ...common, name: "parameters", vendorName: "parameters", kind: "entries", default: {} },
    {
      ...common,
      name: "body",
      vendorName: "body",
      kind: "entries",
      default: {},
      supersededBy: "template",
    },
    { ...common, name: "template", vendorName: "template", kind: "text", default: null },
    { ...common, name: "limit", vendorName: "limit", kind: "integer", cappedAs: "effectiveLimit" },
    { ...common, name: "extra", vendorName: "extra", kind: "text", unmanagedWhenUnset: true },
    { ...common, name: "adopts", vendorName: "adopts", kind: "text", createOnly: true },
    { ...common, name: "ours", kind: "text" },
  ],
  computed: [],
  leftOut: [],
};

const remote: RemoteValues = {
  name: "A",
  type: "enrichment",
  note: "",
  headers: [],
  parameters: [],
  body: [],
  template: null,
  limit: null,
};
type Values = Readonly<Record<string, unknown>>;
const project = (written: Values | undefined, changes: RemoteValues = {}): Values =>
  projectFields<Values>(table, { ...remote, ...changes }, written);

describe("projectFields", () => {
  test("a remote that is what the program wrote gives back what the program wrote", () => {
    const written = {
      name: "A",
      type: "exporter",
      note: "n",
      headers: { Accept: "json" },
      limit: 5,
    };
    expect(
      project(written, {
        type: "exporter",
        note: "n",
        headers: [{ name: "Accept", value: "json" }],
        limit: 5,
      }),
    ).toEqual(written);
  });

  describe("rule 1: a create-only field keeps what the program wrote", () => {
    test("whatever the vendor says", () =>
      expect(project({ name: "A", adopts: "7" }, { adopts: "8" })).toEqual({
        name: "A",
        adopts: "7",
      }));
    test("and stays unset when the program wrote none", () =>
      expect(project({ name: "A" }, { adopts: "8" })).toEqual({ name: "A" }));
    test("a field that the vendor's object does not have is kept too", () =>
      expect(project({ name: "A", ours: "x" }, { ours: "y" })).toEqual({ name: "A", ours: "x" }));
  });

  describe("rule 2: a field left alone when unset", () => {
    test("stays unset", () =>
      expect(project({ name: "A" }, { extra: "theirs" })).toEqual({ name: "A" }));
    test("is compared when the program writes it", () =>
      expect(project({ name: "A", extra: "mine" }, { extra: "theirs" })).toEqual({
        name: "A",
        extra: "theirs",
      }));
    test("shows to a program that wrote nothing at all", () =>
      expect(project(undefined, { extra: "theirs" })).toEqual({
        name: "A",
        type: "enrichment",
        extra: "theirs",
      }));
  });

  describe("rule 3: a capped field", () => {
    test("that the program did not write stays unset", () =>
      expect(project({ name: "A" }, { limit: 10 })).toEqual({ name: "A" }));
    test("that the program wrote as null stays null", () =>
      expect(project({ name: "A", limit: null }, { limit: 10 })).toEqual({
        name: "A",
        limit: null,
      }));
    test("that the vendor lowered keeps the requested value", () =>
      expect(project({ name: "A", limit: 60 }, { limit: 10 })).toEqual({ name: "A", limit: 60 }));
    test("that is exactly as asked keeps the requested value", () =>
      expect(project({ name: "A", limit: 60 }, { limit: 60 })).toEqual({ name: "A", limit: 60 }));
    test("that somebody raised is drift", () =>
      expect(project({ name: "A", limit: 60 }, { limit: 61 })).toEqual({ name: "A", limit: 61 }));
    test.each([null, undefined])("that somebody removed (%s) is drift", (limit) =>
      expect(project({ name: "A", limit: 60 }, { limit })).toEqual({ name: "A" }),
    );
    test("shows what there is to a program that wrote nothing at all", () =>
      expect(project(undefined, { limit: 10 })).toEqual({
        name: "A",
        type: "enrichment",
        limit: 10,
      }));
  });

  describe("rule 4: a field superseded by another one", () => {
    const body = [{ name: "domain", value: "" }];
    test("keeps what the program wrote while that one is set", () => {
      expect(
        project({ name: "A", template: "t", body: { mine: "1" } }, { template: "t", body }),
      ).toEqual({ name: "A", template: "t", body: { mine: "1" } });
    });
    test("stays unset while that one is set", () =>
      expect(project({ name: "A", template: "t" }, { template: "t", body })).toEqual({
        name: "A",
        template: "t",
      }));
    test.each([undefined, null, ""])("is compared when that one is %p", (template) => {
      const written: Values = template === undefined ? { name: "A" } : { name: "A", template };
      expect(project(written, { template: null, body })).toEqual({
        ...written,
        body: { domain: "" },
      });
    });
  });

  describe("rule 5: entries are compared name by name", () => {
    test("one changed value is the only difference", () => {
      const headers = [
        { name: "b", value: "2" },
        { name: "a", value: "changed" },
      ];
      expect(project({ name: "A", headers: { a: "1", b: "2" } }, { headers })).toEqual({
        name: "A",
        headers: { a: "changed", b: "2" },
      });
    });
    test("without regard to case where the table says so", () => {
      expect(
        project(
          { name: "A", headers: { Accept: "json" } },
          { headers: [{ name: "ACCEPT", value: "json" }] },
        ),
      ).toEqual({ name: "A", headers: { Accept: "json" } });
    });
    test("with regard to case elsewhere", () => {
      expect(
        project({ name: "A", parameters: { Q: "1" } }, { parameters: [{ name: "q", value: "1" }] }),
      ).toEqual({ name: "A", parameters: { q: "1" } });
    });
    test("a missing list counts as empty", () =>
      expect(project({ name: "A", headers: { a: "1" } }, { headers: undefined })).toEqual({
        name: "A",
        headers: {},
      }));
  });

  describe("rule 6: a value that only differs in form keeps the program's", () => {
    test("space around a text", () => expect(project({ name: " A " })).toEqual({ name: " A " }));
    test("the vendor's default for an unset field stays unset", () =>
      expect(project({ name: "A" }, { type: "enrichment", note: "" })).toEqual({ name: "A" }));
    test("a default that is written out stays written", () =>
      expect(project({ name: "A", type: "enrichment", note: "" })).toEqual({
        name: "A",
        type: "enrichment",
        note: "",
      }));
    test("a field that the answer lacks counts as the default", () =>
      expect(project({ name: "A", type: "enrichment" }, { type: undefined })).toEqual({
        name: "A",
        type: "enrichment",
      }));
    test("null for an empty text", () =>
      expect(project({ name: "A", note: "" }, { note: null })).toEqual({ name: "A", note: "" }));
  });

  describe("rule 7: anything else is drift and takes the remote value", () => {
    test("where the program wrote another one", () =>
      expect(project({ name: "A", type: "exporter" })).toEqual({ name: "A", type: "enrichment" }));
    test("where the program wrote none", () =>
      expect(project({ name: "A" }, { type: "exporter" })).toEqual({
        name: "A",
        type: "exporter",
      }));
    test("also for entries that the program did not write", () => {
      expect(project({ name: "A" }, { headers: [{ name: "x", value: "1" }] })).toEqual({
        name: "A",
        headers: { x: "1" },
      });
    });
    test("a removed value goes missing", () =>
      expect(project({ name: "A", template: "t" }, { template: null })).toEqual({ name: "A" }));
  });

  test("a program that wrote nothing at all sees everything there is, and nothing that is empty", () => {
    expect(project(undefined, { type: "exporter", headers: [{ name: "x", value: "1" }] })).toEqual({
      name: "A",
      type: "exporter",
      headers: { x: "1" },
    });
  });
});
