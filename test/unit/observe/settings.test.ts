import { readLogSettings } from "../../../provider/observe/log";

const read = (level?: string, file?: string): object =>
  readLogSettings({ PULUMI_CONNECTORS_LOG: level, PULUMI_CONNECTORS_LOG_FILE: file });

test.each([
  [undefined, undefined, { requests: false }],
  ["", " ", { requests: false }],
  ["off", undefined, { requests: false }],
  ["debug", undefined, { requests: true }],
  [" Debug ", undefined, { requests: true }],
  [undefined, "log.jsonl", { requests: true, file: "log.jsonl" }],
  [
    "debug",
    String.raw`C:\ci logs\pulumi.jsonl `,
    { requests: true, file: String.raw`C:\ci logs\pulumi.jsonl` },
  ],
  ["off", "log.jsonl", { requests: false }],
])("PULUMI_CONNECTORS_LOG=%s, PULUMI_CONNECTORS_LOG_FILE=%s", (level, file, settings) =>
  expect(read(level, file)).toEqual(settings),
);

test.each([undefined, "log.jsonl"])(
  "another value logs nothing and causes a warning without the value (file %s)",
  (file) => {
    expect(read("key-in-the-wrong-place", file)).toEqual({
      requests: false,
      fault: "PULUMI_CONNECTORS_LOG is neither debug nor off. No request is logged.",
    });
  },
);
