/** Invalid definitions, each with a canary at the invalid value. */
import { canary } from "../../harness/canary";
import { program } from "./canaries";
import { type Resource, type Vendor } from "./stack";

const VALUE = canary("wrong");
const LONG = `${VALUE}${"x".repeat(10_001)}`;

/** A definition with changed arguments, and its title. */
function wrong(
  vendor: Vendor,
  called: string,
  args: Record<string, unknown>,
): readonly [string, Resource] {
  const resource = program(1)[vendor];
  return [`${vendor}: ${called}`, { vendor, args: { ...resource.args, ...args } }];
}

export const WRONG: readonly (readonly [string, Resource])[] = [
  wrong("databar", "a header with a line break", {
    headers: { Authorization: `Bearer ${VALUE}\n` },
  }),
  wrong("databar", "a header that is an object", { headers: { Authorization: { value: VALUE } } }),
  wrong("databar", "headers as the API has them", {
    headers: [{ name: "Authorization", value: VALUE }],
  }),
  wrong("databar", "headers as text", { headers: `Authorization: ${VALUE}` }),
  wrong("databar", "a header twice", { headers: { "X-Api-Key": VALUE, "x-api-key": `${VALUE}2` } }),
  wrong("databar", "a parameter that is an object", {
    parameters: { access_token: { value: VALUE } },
  }),
  wrong("databar", "a list in a list", { parameters: { access_token: [[VALUE]] } }),
  wrong("databar", "a body field that is an object", {
    body: { client_secret: { value: VALUE } },
    bodyTemplate: undefined,
  }),
  wrong("databar", "a template that is too long", { bodyTemplate: `{"token": "${LONG}"}` }),
  wrong("databar", "a template that is an object", { bodyTemplate: { token: VALUE } }),
  wrong("databar", "a URL of another scheme", {
    url: `ftp://me:${encodeURIComponent(VALUE)}@api.example.com/`,
  }),
  wrong("databar", "a URL that is none", { url: `api.example.com?api_key=${VALUE}` }),
  wrong("databar", "a URL that is too long", {
    url: `https://api.example.com/?api_key=${encodeURIComponent(LONG)}`,
  }),
  wrong("databar", "a property that does not exist", { apiKey: VALUE }),
  wrong("supermetrics", "a secret that is too long", { secrets: { key: LONG } }),
  wrong("supermetrics", "a secret that is an object", { secrets: { key: { value: VALUE } } }),
  wrong("supermetrics", "secrets as a list", { secrets: [{ name: "key", value: VALUE }] }),
  wrong("supermetrics", "secrets as text", { secrets: VALUE }),
  wrong("supermetrics", "a configuration as text", {
    configuration: JSON.stringify({ clientSecret: VALUE }),
  }),
  wrong("supermetrics", "a configuration as a list", { configuration: [{ clientSecret: VALUE }] }),
  wrong("supermetrics", "a reference to a secret that is not there, beside a credential", {
    configuration: { a: "${secrets.kye}", clientSecret: VALUE },
  }),
  wrong("supermetrics", "a property that does not exist", { clientSecret: VALUE }),
];

/** Invalid settings with canaries. */
export const WRONG_SETTINGS: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    "an origin with credentials",
    { baseUrl: `https://me:${encodeURIComponent(VALUE)}@api.example.com` },
  ],
  [
    "an origin over plain http",
    { baseUrl: `http://api.example.com/?key=${encodeURIComponent(VALUE)}` },
  ],
  ["an invalid origin", { baseUrl: VALUE }],
  ["a key with a line break", { apiKey: `${VALUE}\n${VALUE}` }],
  ["a key with non-ASCII characters", { apiKey: `${VALUE}é☃` }],
];
