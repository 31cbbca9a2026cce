import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector } from "pulumi-connectors";
import { secret } from "../config";

/**
 * Posts a message to a channel.
 *
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export const slack = new DatabarConnector("slack-message", {
  name: "Slack: post message",
  type: "exporter",
  method: "post",
  url: "https://slack.com/api/chat.postMessage",
  headers: {
    Authorization: pulumi.interpolate`Bearer ${secret("slackBotToken")}`,
    "Content-Type": "application/json; charset=utf-8",
  },
  body: { channel: "#new-leads", text: "" },
  rateLimit: 60, // one message per second and channel
  maxConcurrency: 1,
});
