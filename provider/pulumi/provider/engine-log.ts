import { AsyncLocalStorage } from "node:async_hooks";
import { counted } from "../../diagnostics";
import { type Reporter } from "../../lifecycle/adapter";
import { type Notifier } from "../../observe/index";
import { type GrpcClient, loadGrpc } from "../protocol/grpc";
import { Empty, LogRequest } from "../protocol/messages";

/** Severities of the engine's log. */
const SEVERITY = { info: 1, warn: 2 } as const;

/** Longest message that the engine is given, in characters; far below what makes a call hang. */
const LONGEST = 8_000;

/**
 * Says things to the person at the deployment: as the engine's own warnings where the engine can be
 * reached, on the provider's standard error, which the engine shows too, where not. Each message
 * once per process. What is of interest now is shown while the deployment runs, and left out of
 * what is shown at its end.
 *
 * @param isErrorShown whether the engine shows standard error: that of dynamic providers alone.
 */
export function engineReporter(
  address: string | undefined = engineAddress(),
  isErrorShown = true,
): Notifier {
  const said = new Set<string>();
  const engine = connected(address);
  let arrived = Promise.resolve();
  /** Messages arrive in their order. */
  const show = (severity: keyof typeof SEVERITY, message: string, passing = false): void => {
    if (engine === undefined) {
      print(severity, message);
    } else {
      arrived = arrived.then(() => send(engine, severity, message, passing));
    }
  };
  const say: typeof show = (severity, message, passing) => {
    const short = message.slice(0, LONGEST);
    if (!said.has(short)) {
      said.add(short);
      show(severity, short, passing);
    }
  };
  return {
    warn: (message) => say("warn", message),
    info: (message) => say("info", message),
    progress: (message) => say("info", message, true),
    ...(!isErrorShown && { log: (line) => show("info", line) }),
    flush: () => arrived,
  };
}

/** The resource that work is about, where that is known. */
const subject = new AsyncLocalStorage<string>();

/** Does work for a resource: what it says stands on that resource. */
export function about<T>(urn: string, work: () => Promise<T>): Promise<T> {
  return subject.run(urn, work);
}

/** Resolves when the engine has the message, or standard error. */
function send(
  engine: GrpcClient,
  severity: keyof typeof SEVERITY,
  message: string,
  passing: boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const urn = subject.getStore() ?? "";
    const request = { severity: SEVERITY[severity], message, urn, ephemeral: passing };
    engine.makeUnaryRequest(LOG, LogRequest.encode, Empty.decode, request, (error) => {
      if (error) {
        print(severity, message);
      }
      resolve();
    });
  });
}

/** A reporter that can keep it short: thousands of connectors at once may have the same to say. */
export class BriefReporter implements Reporter {
  private room = Infinity;
  private left = 0;

  constructor(private readonly reporter: Reporter) {}

  warn(message: string): void {
    this.room -= 1;
    if (this.room >= 0) {
      this.reporter.warn(message);
    } else {
      this.left += 1;
    }
  }

  info(message: string): void {
    this.reporter.info(message);
  }

  /**
   * Says no more than so many warnings until `work` has ended, and then how many more there were.
   */
  async briefly<T>(most: number, work: () => Promise<T>): Promise<T> {
    this.room = most;
    try {
      return await work();
    } finally {
      if (this.left > 0) {
        this.reporter.warn(`and ${counted(this.left, "more warning")} of this kind.`);
      }
      this.room = Infinity;
      this.left = 0;
    }
  }
}

function print(severity: string, message: string): void {
  process.stderr.write(`${severity === "warn" ? "warning: " : ""}${message}\n`);
}

/** The engine starts a provider with its own address as an argument. */
export function engineAddress(argv: readonly string[] = process.argv): string | undefined {
  return argv.slice(2).find((argument) => /^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(argument));
}

function connected(address: string | undefined): GrpcClient | undefined {
  if (address === undefined) {
    return undefined;
  }
  try {
    const { Client, credentials } = loadGrpc();
    return new Client(address, credentials.createInsecure());
  } catch {
    return undefined;
  }
}

const LOG = "/pulumirpc.Engine/Log";
