/** Writes an answer to the connection, intact or damaged as a fault specifies. */
import { type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { type FaultOptions } from "./faults";
import { type Answer } from "./http-message";
import { stringifyJson } from "./json";

const SLOW_BODY_INTERVAL_MS = 50;
const ENDLESS_INTERVAL_MS = 20;
const HUGE_CHUNK_BYTES = 64 * 1024;
const FLOOD_HEADER_BYTES = 1024;

/** The options of a fault that affect delivery. */
export type Delivery = Pick<
  FaultOptions,
  "headers" | "truncate" | "slowBody" | "headerFlood" | "endless" | "hugeBytes" | "chunked"
>;

/** Resolves when the answer is sent or the client has disconnected. Never rejects. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  delivery: Delivery = {},
): Promise<void> {
  const headers = {
    ...lowerCase(answer.headers),
    ...floodHeaders(delivery.headerFlood),
    ...lowerCase(delivery.headers),
  };
  if (delivery.endless === true) {
    return sendEndless(response, answer.statusCode, headers);
  }
  if (delivery.hugeBytes !== undefined) {
    return sendHuge(
      response,
      answer.statusCode,
      headers,
      delivery.hugeBytes,
      delivery.chunked === true,
    );
  }
  const body = encode(answer);
  response.writeHead(answer.statusCode, { ...bodyHeaders(answer, body), ...headers });
  if (body === undefined) {
    return void response.end();
  }
  if (delivery.truncate === true) {
    return sendFirstHalf(response, body);
  }
  if (delivery.slowBody !== undefined) {
    return sendSlowly(response, body, delivery.slowBody.bytesPerSecond);
  }
  response.end(body);
}

/** Resolves after `milliseconds`, or as soon as the client disconnects. */
export async function pause(response: ServerResponse, milliseconds: number): Promise<void> {
  const disconnected = new AbortController();
  const abort = (): void => disconnected.abort();
  response.once("close", abort);
  await sleep(response.closed ? 0 : milliseconds, undefined, {
    signal: disconnected.signal,
  }).catch(() => undefined);
  response.off("close", abort);
}

function encode(answer: Answer): Buffer | undefined {
  if (answer.text !== undefined) {
    return Buffer.from(answer.text);
  }
  return answer.json === undefined ? undefined : Buffer.from(stringifyJson(answer.json));
}

function bodyHeaders(answer: Answer, body: Buffer | undefined): Record<string, string> {
  if (body === undefined) {
    return answer.statusCode === 204 ? {} : { "content-length": "0" };
  }
  return { "content-type": "application/json", "content-length": String(body.length) };
}

function sendFirstHalf(response: ServerResponse, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
      response.destroy();
      resolve();
    });
  });
}

async function sendSlowly(
  response: ServerResponse,
  body: Buffer,
  bytesPerSecond: number,
): Promise<void> {
  const step = Math.max(1, Math.round((bytesPerSecond * SLOW_BODY_INTERVAL_MS) / 1000));
  const wait = (step * 1000) / bytesPerSecond;
  response.flushHeaders();
  for (let sent = 0; sent < body.length && !response.closed; sent += step) {
    response.write(body.subarray(sent, sent + step));
    await pause(response, wait);
  }
  response.end();
}

async function sendEndless(
  response: ServerResponse,
  statusCode: number,
  headers: Record<string, string>,
): Promise<void> {
  response.writeHead(statusCode, { "content-type": "application/json", ...headers });
  response.write("[");
  while (!response.closed) {
    response.write(" ");
    await pause(response, ENDLESS_INTERVAL_MS);
  }
}

async function sendHuge(
  response: ServerResponse,
  statusCode: number,
  headers: Record<string, string>,
  size: number,
  chunked: boolean,
): Promise<void> {
  response.writeHead(statusCode, {
    "content-type": "application/json",
    ...(!chunked && { "content-length": String(size) }),
    ...headers,
  });
  response.write('"');
  for (let left = size - 2; left > 0 && !response.closed; left -= HUGE_CHUNK_BYTES) {
    if (!response.write("x".repeat(Math.min(left, HUGE_CHUNK_BYTES)))) {
      await drained(response);
    }
  }
  response.end('"');
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
  });
}

function floodHeaders(size = 0): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let left = size; left > 0; left -= FLOOD_HEADER_BYTES) {
    headers[`x-flood-${left}`] = "x".repeat(Math.min(FLOOD_HEADER_BYTES, left));
  }
  return headers;
}

/** Lets a header of a fault override the vendor's header of the same name. */
function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
