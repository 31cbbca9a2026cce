import { redact } from "../../../provider/http";

const SECRET = "p@ss/w\"ord<&>'é+ 1";

it("a sensitive string is redacted at every place", () => {
  expect(redact("a s3cret and s3crets3cret.", ["s3cret"])).toBe(
    "a [redacted] and [redacted][redacted].",
  );
});

it.each([
  ["as it is", SECRET],
  ["URL-encoded", encodeURIComponent(SECRET)],
  ["URL-encoded in lower case", encodeURIComponent(SECRET).toLowerCase()],
  ["form-encoded", new URLSearchParams({ k: SECRET }).toString().slice(2)],
  ["JSON-escaped", JSON.stringify(SECRET).slice(1, -1)],
  ["JSON-escaped twice", JSON.stringify(JSON.stringify(SECRET)).slice(3, -3)],
  ["JSON-escaped by PHP", "p@ss\\/w\\\"ord<&>'\\u00e9+ 1"],
  ["HTML-escaped", "p@ss/w&quot;ord&lt;&amp;&gt;&#39;é+ 1"],
  ["HTML-escaped by PHP", "p@ss/w&quot;ord&lt;&amp;&gt;&#039;é+ 1"],
  ["in base64", Buffer.from(SECRET).toString("base64")],
  ["in base64 without padding", Buffer.from(SECRET).toString("base64").replace(/=+$/, "")],
  ["in base64url", Buffer.from(SECRET).toString("base64url")],
])("a sensitive string is taken out %s", (_, form) => {
  const text = redact(`before ${form} after`, [SECRET]);
  expect(text).toMatch(/^before \[redacted\]=* after$/);
});

it.each(["u:", "us:", "user:"])(
  "a sensitive string is redacted in a longer base64 text that begins with %j",
  (prefix) => {
    const secret = "a-very-secret-password";
    const text = redact(Buffer.from(`${prefix}${secret}, and more`).toString("base64"), [secret]);
    expect(Buffer.from(text.replaceAll("[redacted]", ""), "base64").toString()).not.toContain(
      "secret",
    );
    expect(text).toContain("[redacted]");
  },
);

it("the token of a sensitive header value is redacted alone", () => {
  expect(redact("token sk-12345 is wrong", ["Bearer sk-12345"])).toBe("token [redacted] is wrong");
});

it("two overlapping sensitive strings are redacted completely", () => {
  expect(redact("xabcdefghx", ["abcdef", "cdefgh"])).toBe("x[redacted]x");
  expect(redact("xabcdefghx", ["abcdef", "abcdefgh"])).toBe("x[redacted]x");
});

it("a string of less than six characters is redacted as a whole word only", () => {
  expect(redact("[conflict] Supermetrics has t, 't' and t_t", ["t"])).toBe(
    "[conflict] Supermetrics has [redacted], '[redacted]' and t_t",
  );
  expect(redact("passes abcde and xabcdex, xabcdefx", ["abcde", "abcdef"])).toBe(
    "passes [redacted] and xabcdex, x[redacted]x",
  );
});

it.each([
  "value: correct-horse-batt",
  "value: correct-horse-batt…",
  "value: correct-horse-batt... and so on",
])("a sensitive string that the text cuts off is taken out: %j", (text) => {
  expect(redact(text, ["correct-horse-battery-staple"])).not.toContain("correct-horse");
});

it.each([
  "Bearer sk_live_51H8abcdef...wxyz0123456789ABCDEFGHIJ",
  "sk_live_51H8…9ABCDEFGHIJ was refused",
  "9ABCDEFGHIJ is wrong",
  "it is ....ABCDEFGHIJ",
])("the end of a sensitive string whose beginning the text leaves out is taken out: %j", (text) => {
  for (const secret of [
    "Bearer sk_live_51H8abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ",
    "sk_live_51H8abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ",
  ]) {
    expect(redact(text, [secret])).not.toMatch(/sk_live|DEFGHIJ/);
  }
});

it("a string that is cut off at one of its own dots is redacted", () =>
  expect(redact("key abcdefgh... and so on", ["abcdefgh.ijkl"])).not.toContain("abcdefgh"));

it.each(["shorter is ...EFGHIJ", "in the middle of words: ABCDEFGHIJ"])(
  "an end that is short or follows no cut stays: %j",
  (text) => {
    expect(redact(text, ["0123456789ABCDEFGHIJ"])).toBe(text);
  },
);

it("a long text of ellipses is searched in linear time", () => {
  // In quadratic time, this would not end.
  const values = Array.from(
    { length: 20 },
    (_, index) => `${index}-${"abc...wxyz0123".repeat(100)}`,
  );
  expect(redact("...wxyz0123".repeat(1500), values)).toContain("[redacted]");
});

it("a beginning in the middle of other words stays", () => {
  expect(redact("https://api.example.org is down", ["https://api.example.com"])).toBe(
    "https://api.example.org is down",
  );
});

it("empty strings are ignored", () => expect(redact("text", ["", "  "].slice(0, 1))).toBe("text"));

it("the replacement itself is not searched", () =>
  expect(redact("s3cret", ["s3cret", "red"])).toBe("[redacted]"));

it.each([
  ["Authorization: Bearer abc.def-123", "Authorization: [redacted]"],
  ['{"Authorization":"Bearer abc"}', '{"Authorization":"[redacted]"}'],
  ['{\\"authorization\\":\\"Basic dXNlcg==\\"}', '{\\"authorization\\":\\"[redacted]\\"}'],
  ["sent Bearer abc, refused", "sent Bearer [redacted], refused"],
  ["x-apikey: k-1", "x-apikey: [redacted]"],
  ["X-API-Key=k-1; q", "X-API-Key=[redacted]; q"],
])("a credential that no caller named is redacted: %j", (text, expected) =>
  expect(redact(text, [])).toBe(expected),
);

it.each([
  "A Bearer token is required",
  "Bearer authentication failed",
  "Not available on the Basic plan",
])("ordinary words stay: %j", (text) => expect(redact(text, [])).toBe(text));

it("pattern characters in a sensitive string have no meaning", () => {
  expect(redact("a.c abc $& .*", [".*", "$&"])).toBe("a.c abc [redacted] [redacted]");
});

it("a long text and many long secrets take little time", () => {
  const secrets = Array.from({ length: 20 }, (_, index) => `${index}-${"s3cret/+".repeat(1000)}`);
  const start = performance.now();
  expect(redact(`x ${secrets[7]!} y`, secrets)).not.toContain("s3cret");
  expect(performance.now() - start).toBeLessThan(20_000);
});
