import { expectTypeOf } from "expect-type";
import {
  ConnectorError,
  type ConnectorErrorOptions,
  type ERROR_CODES,
  type ErrorCode,
  type ErrorDetail,
} from "pulumi-connectors";
import { type AnyKeys } from "./support";

expectTypeOf<(typeof ERROR_CODES)[number]>().toEqualTypeOf<ErrorCode>();
expectTypeOf<"unauthorized" | "ambiguous_create" | "configuration">().toExtend<ErrorCode>();
expectTypeOf<string>().not.toExtend<ErrorCode>();
expectTypeOf<AnyKeys<ConnectorError>>().toBeNever();
expectTypeOf<AnyKeys<ConnectorErrorOptions>>().toBeNever();
expectTypeOf<AnyKeys<ErrorDetail>>().toBeNever();

const error = new ConnectorError("timeout", "no answer", {
  vendor: "Databar",
  retryable: true,
  details: [{ path: "headers.Accept", message: "too long" }],
});

expectTypeOf(error).toExtend<Error>();
expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
expectTypeOf(error.statusCode).toEqualTypeOf<number | undefined>();
expectTypeOf(error.details).toEqualTypeOf<readonly ErrorDetail[]>();
expectTypeOf(error.cause).toBeUnknown();

// @ts-expect-error -- no such code
new ConnectorError("gone", "no answer");
// @ts-expect-error -- misspelt: status
new ConnectorError("timeout", "no answer", { status: 504 });
