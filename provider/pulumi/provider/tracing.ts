import { redactValues } from "../../http/index";
import { engineErrorCode } from "./engine-errors";
import { type Props } from "./verbs";

/** A verb and what it acts on. */
export interface Traced {
  /** The vendor's namespace in the stack configuration. */
  readonly namespace: string;
  readonly verb: string;
  /** The resource's id, once it has one. */
  readonly id: string | undefined;
  readonly props: Props;
  /** Secrets to redact from the attributes. */
  readonly secrets: () => readonly string[];
}

/** The part of OpenTelemetry's API that is used here. */
interface Tracing {
  readonly trace: {
    getTracer(name: string): { startActiveSpan<T>(name: string, work: (span: Span) => T): T };
  };
  readonly SpanStatusCode: { readonly ERROR: number };
}

type Attributes = Readonly<Record<string, string | number>>;

interface Span {
  isRecording(): boolean;
  setAttributes(attributes: Attributes): void;
  setStatus(status: { code: number }): void;
  end(): void;
}

/** `undefined`: not loaded yet; null: not installed. */
let api: Tracing | null | undefined;

/**
 * Runs a verb in a span of OpenTelemetry, so that the spans of its requests are children of it.
 * Without a tracer, this costs almost nothing.
 */
export function traced<T>(about: Traced, work: () => Promise<T>): Promise<T> {
  if (api === undefined) {
    api = load();
  }
  if (api === null) {
    return work();
  }
  const { trace, SpanStatusCode } = api;
  return trace
    .getTracer("pulumi-connectors")
    .startActiveSpan(`${about.namespace} ${about.verb}`, async (span) => {
      if (span.isRecording()) {
        span.setAttributes(attributesOf(about));
      }
      try {
        return await work();
      } catch (error) {
        span.setAttributes({ "error.type": engineErrorCode(error) ?? "failed" });
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
}

/**
 * Loads the API if the project has it, as every project with a tracer does. All copies share one
 * tracer.
 */
function load(): Tracing | null {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an optional peer dependency
    return require("@opentelemetry/api") as Tracing;
  } catch {
    return null;
  }
}

/** A fleet has a count in place of a name. */
function attributesOf({
  namespace,
  verb,
  id,
  props: { name, connectors, ids },
  secrets,
}: Traced): Attributes {
  const members = connectors ?? ids;
  return {
    "pulumi_connectors.vendor": namespace,
    "pulumi_connectors.verb": verb,
    ...(id !== undefined && { "pulumi_connectors.id": id }),
    ...(typeof name === "string" && {
      "pulumi_connectors.name": String(redactValues(name, secrets())),
    }),
    ...(typeof members === "object" &&
      members !== null && { "pulumi_connectors.count": Object.keys(members).length }),
  };
}
