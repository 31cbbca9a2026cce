/** Property values to and from the `google.protobuf.Struct` of Pulumi's protocol. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { type PropertyMap } from "../core/values";
import { decodeMap, encodeValue, type EncodeOptions } from "../core/wire";

export function encodeStruct(map: PropertyMap, options: EncodeOptions): Struct {
  return Struct.fromJavaScript(encodeValue(map, options) as Record<string, never>);
}

export function decodeStruct(struct: Struct | undefined): PropertyMap {
  return struct ? decodeMap(struct.toJavaScript()) : {};
}
