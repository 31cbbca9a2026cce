/** Redaction in messages: our own words stay, what came from outside goes. */
import { redactor, redactValues } from "../../../provider/http/redact/redact";
import { joined, own, ownText } from "../../../provider/message";

const SECRETS = ["conflict", "Databar", "connector", "t", "id"];

test("our own words stay with any secrets", () => {
  const message = own`${ownText("Databar")} has a connector t (id ${"42"}), which is a conflict of ${2}`;
  expect(String(redactValues(message, [...SECRETS, "2"]))).toBe(
    "Databar has a connector t (id 42), which is a conflict of 2",
  );
});

test.each(["conflict", "Databar", "t"])("the same word from outside goes: %j", (word) => {
  const message = own`Databar: conflict of t: ${word}.`;
  expect(String(redactValues(message, [word]))).toBe("Databar: conflict of t: [redacted].");
  expect(String(redactValues(String(message), [word]))).not.toContain(`: ${word}.`);
});

test("a secret that begins in our words, or ends in them, goes as a whole", () => {
  const message = own`the key is ${"abc"}def, and ${"xyz"}${"123"} ends`;
  expect(String(redactValues(message, ["is abcdef", "xyz123"]))).toBe(
    "the key [redacted], and [redacted] ends",
  );
});

test("what follows a scheme word goes only where it came from outside", () => {
  const redact = redactor([]);
  expect(String(redact(own`Authorization: ours, and ${"Authorization: theirs-123"}`))).toBe(
    "Authorization: ours, and Authorization: [redacted]",
  );
});

test("a message that was redacted is redacted again without a loss", () => {
  const once = redactValues(own`conflict: ${"first conflict and second-secret"}`, ["conflict"]);
  expect(String(redactValues(once, ["second-secret", "redacted"]))).toBe(
    "conflict: first [redacted] and [redacted]",
  );
});

test("messages that are joined keep what is whose", () =>
  expect(String(redactValues(joined([own`conflict`, "conflict"], " t "), SECRETS))).toBe(
    "conflict t [redacted]",
  ));

test("a change of what came from outside sees it in one piece", () =>
  expect(String(own`a ${"b"}${"c"} a ${1}`.mapOutside((text) => text.replaceAll("bc", "-")))).toBe(
    "a - a 1",
  ));
