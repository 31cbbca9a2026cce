import { createRequire } from "node:module";
import { redactValues } from "../../http/index";
import { type Props } from "./verbs";

/** What a verb is about. */
export interface Traced {
  /** The vendor's, in the stack configuration. */
  readonly namespace: string;
  readonly verb: string;
  /** The resource's id, once it has one. */
  readonly id: string | undefined;
  readonly props: Props;
  /** What must not be told of them. */
  readonly secrets: () => readonly string[];
}

/** What is used of OpenTelemetry's API. */
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

/** `undefined`: not looked for yet; null: not there. */
let api: Tracing | null | undefined;

/**
 * Does a verb's work within a span of OpenTelemetry, so that the spans of its requests are found below it. Where nobody
 * has set up a tracer, that is next to nothing.
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
        span.setAttributes({ "error.type": codeOf(error) });
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
}

/** Like gRPC it belongs to Pulumi's SDK; whichever copy of it a tracer is set up with, this one finds it. */
function load(): Tracing | null {
  try {
    return createRequire(require.resolve("@pulumi/pulumi"))("@opentelemetry/api") as Tracing;
  } catch {
    return null;
  }
}

/** A fleet is told by its size. */
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
    ...(typeof name === "string" && { "pulumi_connectors.name": redactValues(name, secrets()) }),
    ...(typeof members === "object" &&
      members !== null && { "pulumi_connectors.count": Object.keys(members).length }),
  };
}

/** The code in front of an error's message. */
function codeOf(error: unknown): string {
  return (
    (error instanceof Error ? /^\[([a-z_]+)\]/.exec(error.message)?.[1] : undefined) ?? "failed"
  );
}
