/** The refusals and failures of the lifecycle: code, vendor, text, and what may be done again. */
import { type ConnectorError } from "../../../provider/errors";
import {
  allMissing,
  goneWhileAdopted,
  heldByAnother,
  idWasReused,
  importedBefore,
  lostToOwner,
  reused,
  stoppedHalfway,
} from "../../../provider/lifecycle/refusals";
import { own } from "../../../provider/message";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";

const ref = { scope: "", key: "7" };
const workspace = { text: "https://a.example 11111111", settings: own`databar:apiKey` };

type Expected = Partial<Pick<ConnectorError, "code" | "vendor" | "reason" | "retryable">>;
const conflict: Expected = { code: "conflict", vendor: "Databar", retryable: false };
const notFound: Expected = { code: "not_found", vendor: "Databar", retryable: false };

test.each<[string, () => ConnectorError, Expected, string]>([
  [
    "a definition names what another resource holds",
    () => heldByAnother(databarFields, ref, "a"),
    conflict,
    'Databar connector 7, which connectorId of "a" names, is managed by another resource of this program. Nothing was written. Let only one resource name it',
  ],
  [
    "an import of what another resource holds",
    () => importedBefore(databarFields, ref),
    conflict,
    "Databar connector 7 is managed by another resource of this program already. Import it once",
  ],
  [
    "the owner of an adopted connector has shown up",
    () => lostToOwner(databarFields, ref, "a"),
    conflict,
    'Databar connector 7 belongs to another resource of this program; "a" adopted it because it looks the same. Nothing was written. Run pulumi up again: "a" gets a connector of its own',
  ],
  [
    "a deletion during the adoption",
    () => goneWhileAdopted(databarFields, ref, "a"),
    { ...notFound, retryable: true },
    'Databar connector "a" (id 7) was deleted while it was being adopted. Run pulumi up again',
  ],
  [
    "the same where no name is known",
    () => goneWhileAdopted(databarFields, ref),
    { ...notFound, retryable: true },
    'Databar connector "" (id 7) was deleted while it was being adopted. Run pulumi up again',
  ],
  [
    "an id that was given to another connector",
    () => reused(databarFields, ref, "a", false),
    notFound,
    'Databar connector "a" (id 7) was deleted outside, and Databar gave its id to another connector. Nothing was written. Run pulumi refresh, then pulumi up: yours is created again',
  ],
  [
    "the same where the definition names the id",
    () => reused(supermetricsFields, ref, "a", true),
    { ...notFound, vendor: "Supermetrics" },
    'Supermetrics connector "a" (id 7) was deleted outside, and Supermetrics gave its id to another connector. Nothing was written. Remove connectorIdentifier from the definition, then run pulumi refresh, then pulumi up: yours is created again',
  ],
  [
    "a refresh that finds nothing at all",
    () => allMissing(databarFields, ["7", "8"], workspace),
    { ...notFound, reason: "another_workspace" },
    [
      "None of the 2 Databar connectors that were looked up exists in https://a.example 11111111 (ids 7, 8). The refresh stops here: it would forget all of them, and the next pulumi up would create them a second time.",
      "  Check databar:apiKey: they may lead to another workspace, or to a sandbox that was restarted.",
      "  If the connectors were deleted on purpose, remove the resources from the state with `pulumi state delete`; pulumi up creates them again.",
    ].join("\n"),
  ],
  [
    "the same where the workspace is not known",
    () => allMissing(databarFields, ["7", "8"], undefined),
    { ...notFound, reason: "another_workspace" },
    [
      "None of the 2 Databar connectors that were looked up exists in this workspace (ids 7, 8). The refresh stops here: it would forget all of them, and the next pulumi up would create them a second time.",
      "  Check the settings: they may lead to another workspace, or to a sandbox that was restarted.",
      "  If the connectors were deleted on purpose, remove the resources from the state with `pulumi state delete`; pulumi up creates them again.",
    ].join("\n"),
  ],
  [
    "an internal error after the first write",
    () =>
      stoppedHalfway(
        databarFields,
        ref,
        { verb: "update", name: "a", sensitive: [] },
        new Error("secret"),
      ),
    { code: "unexpected_response", vendor: "Databar", retryable: false },
    'The update of Databar connector "a" (id 7) stopped half-way because of an internal error in pulumi-connectors. Please report it',
  ],
  [
    "the same where no name is known",
    () =>
      stoppedHalfway(databarFields, ref, { verb: "delete", sensitive: [] }, new Error("secret")),
    { code: "unexpected_response", vendor: "Databar", retryable: false },
    'The delete of Databar connector "" (id 7) stopped half-way because of an internal error in pulumi-connectors. Please report it',
  ],
])("%s", (_, refuse, expected, text) => {
  const error = refuse();

  expect(error).toMatchObject(expected);
  expect(error.message).toBe(`[${error.code}] ${text}`);
});

test("what became of an id is said of a connector as it is called", () =>
  expect(String(idWasReused("Databar", own`7`))).toBe(
    "Databar connector 7 was deleted outside, and Databar gave its id to another connector.",
  ));
