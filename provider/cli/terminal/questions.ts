import { createInterface, type Interface } from "node:readline/promises";
import { formFields, readBody } from "../../definition/new/read-body";
import { type Pairs, type WrittenRequest } from "../../model/written-request";
import { CliError, EXIT } from "../errors";

const METHODS: readonly string[] = ["get", "post", "put", "patch"];

/** Questions at a terminal. Elsewhere, each fails with the option that answers it. */
export class Questions {
  private terminal: Interface | undefined;

  constructor(
    private readonly input: NodeJS.ReadStream,
    private readonly output: NodeJS.WriteStream,
  ) {}

  /** A text that is not empty. @param option what to give where there is no terminal */
  async text(question: string, option: string): Promise<string> {
    for (;;) {
      const answer = await this.ask(question, option);
      if (answer !== "") {
        return answer;
      }
    }
  }

  async choice<T extends string>(
    question: string,
    choices: readonly T[],
    option: string,
  ): Promise<T> {
    for (;;) {
      const answer = await this.ask(`${question} (${choices.join(", ")})`, option);
      const found = choices.filter((each) => each.startsWith(answer.toLowerCase()));
      const [only] = found;
      if (only !== undefined && found.length === 1) {
        return only;
      }
    }
  }

  /** Method, URL, headers, parameters and body of a request. */
  async request(): Promise<WrittenRequest> {
    const option = "--from-curl or --from-openapi";
    const method = await this.choice("Method", METHODS, option);
    const address = await this.text("URL, {{name}} for a value per row", option);
    const [url = "", query = ""] = address.split("?", 2);
    const headers = await this.headers(option);
    const body =
      method === "get" ? "" : await this.ask("Body, on one line; empty for none", option);
    const mediaType = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
    const read = body === "" ? undefined : readBody(body, mediaType);
    return {
      method,
      url,
      parameters: formFields(query),
      headers:
        read?.kind === "json" && mediaType === undefined
          ? [...headers, ["Content-Type", "application/json"]]
          : headers,
      ...(read && { body: read }),
    };
  }

  close(): void {
    this.terminal?.close();
  }

  private async headers(option: string): Promise<Pairs> {
    const headers: (readonly [string, string])[] = [];
    for (;;) {
      const line = await this.ask("Header, as Name: value; empty for no more", option);
      const [, name = "", value = ""] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
      if (name !== "") {
        headers.push([name, value]);
      } else if (line === "") {
        return headers;
      }
    }
  }

  private async ask(question: string, option: string): Promise<string> {
    if (!this.input.isTTY || !this.output.isTTY) {
      throw new CliError(`there is no terminal to ask at. Give ${option}.`, EXIT.usage);
    }
    this.terminal ??= createInterface({ input: this.input, output: this.output });
    return (await this.terminal.question(`${question}: `)).trim();
  }
}
