/**
 * The messages that "Troubleshooting" in docs/operations.md quotes exist: the code throws them
 * here, docs/errors.md or the sources hold them, or Pulumi's CLI printed them. `…`, values in
 * quotes and numbers stand for anything.
 */
import { Connectors } from "../../../provider/lifecycle/connectors";
import { ownText } from "../../../provider/message";
import { makeState } from "../../../provider/model/state";
import { type Databar } from "../../../provider/vendors/databar/stage-types";
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { PULUMI_MESSAGES } from "./pulumi-messages";
import { blocksOfSection } from "../../../harness/markdown";
import { read, trackedFiles } from "../../../harness/sources";
import { connectorErrorOf } from "../../../harness/errors";
import { closeWorlds, databarWorld } from "../../../harness/lifecycle-world";

afterEach(closeWorlds);

const INPUTS: DatabarInputs = {
  name: "My connector",
  method: "get",
  url: "https://api.example.com/v1/score",
};

/** All text that the page may quote. */
async function quotable(): Promise<string> {
  const sources = trackedFiles()
    .filter((path) => /^provider\/.*\.ts$/.test(path))
    .map(read)
    .join("\n");
  const joined = sources
    .replaceAll(/["'`] \+\n\s*["'`]/g, "")
    .replaceAll("\\`", "`")
    .replaceAll("\\n", "\n");
  return [joined, read("docs/errors.md"), ...(await builtMessages()), ...PULUMI_MESSAGES].join(
    "\n",
  );
}

/** Messages that the code builds from parts. */
async function builtMessages(): Promise<string[]> {
  const { vendor, deploy } = await databarWorld({ plan: { rateLimit: 10 } });
  const failure = (
    work: (connectors: ReturnType<typeof deploy>["connectors"]) => Promise<unknown>,
  ): Promise<string> =>
    connectorErrorOf(work(deploy({ maxAttempts: 1, operationTimeout: 1_000 }).connectors)).then(
      ({ message }) => message,
    );
  const refused = (status: number, more: object = {}): void =>
    void vendor.fault({ method: "POST", status, ...more });
  const messages: string[] = [];
  vendor.fault({ method: "GET", status: 403 });
  messages.push(await failure((connectors) => connectors.create(INPUTS)));
  refused(406, { body: { detail: "Not enough credits." } });
  messages.push(await failure((connectors) => connectors.create(INPUTS)));
  refused(429, { headers: { "retry-after": "3600" } });
  messages.push(await failure((connectors) => connectors.create(INPUTS)));
  messages.push(
    await failure((connectors) =>
      connectors.update("99", INPUTS, { ...INPUTS, url: "https://api.example.com/" }),
    ),
  );
  const capped = deploy();
  const { id } = await capped.connectors.create({ ...INPUTS, rateLimit: 60 });
  messages.push(...capped.warnings);
  messages.push(
    await failure(async (connectors) => [
      await connectors.create({ ...INPUTS, connectorId: Number(id) }),
      await connectors.create({ ...INPUTS, connectorId: Number(id) }),
    ]),
  );
  const { adapter, reporter } = deploy();
  const elsewhere = new Connectors(adapter, reporter, undefined, undefined, {
    text: "https://other.example.com 99aabbcc",
    settings: ownText("databar:baseUrl and databar:apiKey"),
  });
  const state = makeState<Databar>({
    name: INPUTS.name,
    workspace: "https://api.databar.ai 3f9a1c20",
    createdAt: "2020-01-01T00:00:00Z",
  });
  messages.push((await connectorErrorOf(elsewhere.delete(id, state))).message);
  return messages;
}

/** Parts that vary between messages: names, numbers, codes, paths, counts. */
const VALUES =
  /…|"[^"]*"|'[^']*'|\d+ connectors?|\d+|\n|\[[^\]]*\]\.?|\([A-Z_]+\)|\s\/\S*|\b(?:Databar|Supermetrics)\b/;

/** The fixed words of a quote, between its values. */
function wordsOf(quote: string): string[] {
  return quote
    .split(VALUES)
    .map((part) => part.trim().replace(/\.$/, ""))
    .filter((part) => part.length >= 10);
}

const quotes = blocksOfSection(read("docs/operations.md"), "Troubleshooting").filter(
  ({ language }) => language === "text",
);
let corpus: string;
beforeAll(async () => void (corpus = await quotable()));

test("the page quotes messages", () => expect(quotes.length).toBeGreaterThan(20));

test.each(quotes.map((block) => [block.line, block.text] as const))(
  "the message on line %i exists",
  (_, text) => {
    const words = wordsOf(text);
    expect(words.join("").length).toBeGreaterThan(20);
    expect(words.filter((part) => !corpus.includes(part))).toEqual([]);
  },
);

test("a message that does not exist is found", () =>
  expect(
    wordsOf('[conflict] Databar already has a connecter named "A"').every((part) =>
      corpus.includes(part),
    ),
  ).toBe(false));
