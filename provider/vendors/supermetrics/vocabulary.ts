import { type JsonSchema } from "../../model/schema";

/**
 * What is known of Supermetrics' configuration documents. Guidance for editors and `validate`,
 * never a reason to refuse: the vendor's own schema is permissive, and grows.
 */
export interface Vocabulary {
  readonly description?: string;
  /** Known keys of an object. */
  readonly keys?: Readonly<Record<string, Vocabulary>>;
  /** What each item of a list is. */
  readonly items?: Vocabulary;
  /** Known values of a text. */
  readonly values?: readonly (string | number)[];
}

const text = (description: string): Vocabulary => ({ description });
const list = (description: string, keys: Readonly<Record<string, Vocabulary>>): Vocabulary => ({
  description,
  items: { keys },
});

const SOURCE: Vocabulary = {
  description:
    "Where a value comes from: a constant, an input of the user, a place in the response.",
  keys: {
    source: { description: "Kind of source.", values: ["static", "userInput", "jsonPath"] },
    value: text("The constant, the input's id, or the JSON path."),
  },
};

const PAIRS = (description: string): Vocabulary =>
  list(description, {
    name: text("Name."),
    value: text("Value; may hold `{{…}}` placeholders and `${secrets.name}`."),
  });

/** Methods that a request may have. */
export const METHODS: readonly string[] = ["GET", "POST", "PUT", "DELETE"];

const REQUEST: Vocabulary = {
  description: "An HTTP request.",
  keys: {
    type: { description: "`sync` (default) or `async`.", values: ["sync", "async"] },
    method: { description: "HTTP method.", values: METHODS },
    url: text("URL; may hold `{{…}}` placeholders."),
    headers: PAIRS("Headers."),
    parameters: PAIRS("Query parameters."),
    body: text("Body."),
    pagination: text("How to ask for the next page."),
    response: {
      description: "How to read the answer.",
      keys: {
        dataRows: { ...SOURCE, description: "Where the rows are." },
        dataAdapters: {
          keys: {
            items: list("Changes to the rows, in order.", {
              type: text("`append_key`, `time_series`, `extract_fields_by_path` and others."),
              config: text("What the adapter needs."),
            }),
          },
        },
      },
    },
  },
};

/** The whole document. */
export const VOCABULARY: Vocabulary = {
  keys: {
    $schema: text(
      "The vendor's schema, for example https://api.supermetrics.com/cc/v1/schema/connector.",
    ),
    authentication: {
      description: "How users log in. Left out for public APIs.",
      keys: {
        type: {
          description: "Kind of login.",
          values: [
            "user_input",
            "oauth2",
            "single_step_oauth2",
            "oauth1",
            "basic",
            "cookie",
            "jwt",
            "amazon_s3",
            "exchange",
          ],
        },
        description: text("What users read when they connect; HTML is allowed."),
        userInputs: list("What users type, for `user_input`.", {
          id: text("Id that values name."),
          label: text("What users read."),
          type: { description: "`password` hides what is typed.", values: ["text", "password"] },
        }),
        oauth2: {
          description: "OAuth 2.0. The callback is https://supermetrics.com/login-complete.",
          keys: {
            clientId: text("Client id."),
            clientSecret: text("Client secret: write `${secrets.name}`."),
            tokenLifetime: text("In seconds."),
            tokenJsonPath: text("Where the token response holds the token."),
            authorization: { keys: { request: REQUEST } },
            tokenExchange: { keys: { request: REQUEST } },
            refresh: { keys: { request: REQUEST } },
          },
        },
      },
    },
    dataSourceUser: {
      description: "Who logged in. Left out for public APIs.",
      keys: {
        userInfo: { keys: { id: SOURCE, label: SOURCE, accessToken: SOURCE } },
        request: REQUEST,
      },
    },
    accounts: {
      description: "The accounts that users choose from. Left out for public APIs.",
      keys: {
        fetchers: list("Where accounts come from.", {
          request: REQUEST,
          accountInfo: {
            keys: {
              id: SOURCE,
              label: SOURCE,
              group: SOURCE,
              properties: list("Further properties.", {
                id: text("Id."),
                source: text("Kind of source."),
                value: text("Its value."),
              }),
            },
          },
        }),
        filter: text("Which accounts to show."),
      },
    },
    reporting: {
      description: "What can be queried.",
      keys: {
        reportTypes: list("Report types.", {
          id: text("Lower-case letters, digits and underscores; unique."),
          title: text("What users read."),
          config: text("Settings."),
          request: REQUEST,
          fields: text("Fields."),
          decoration: text("Joins with other report types."),
          hidden: text("Hide from users."),
        }),
      },
    },
    defaultResponseHandler: {
      description: "What to make of answers.",
      keys: {
        responseStatuses: list("By HTTP status.", {
          httpStatus: text("Status."),
          action: text("For example `error`."),
          message: text("What users read."),
          messageDetails: SOURCE,
        }),
        retry: {
          description: "How to try again.",
          keys: {
            maxRetries: text("Most attempts."),
            minWait: text("In seconds."),
            maxWait: text("In seconds."),
            delayType: text("For example `exp`."),
          },
        },
      },
    },
    secrets: {
      description: "Values that the document names elsewhere.",
      keys: {
        items: list("Values.", {
          id: text("Id."),
          classification: { description: "How it is kept.", values: ["public", "secret", "pii"] },
          source: {
            description: "Where it comes from.",
            values: ["userInput", "encrypted", "static", "component"],
          },
          value: text("The value."),
        }),
      },
    },
    info: text("About the connector."),
    metaInformation: text("About the document."),
  },
};

/** Placeholders that are known; the vendor has more. */
export const PLACEHOLDERS: readonly string[] = [
  "user.access_token",
  "account.id",
  "query.start_date.date",
  "query.end_date.date",
  "identity()",
  "oauth2.client_id",
  "oauth2.client_secret",
];

/** The vocabulary as a schema that an editor completes from, and that refuses nothing. */
export function vocabularySchema({ description, keys, items, values }: Vocabulary): JsonSchema {
  return {
    ...(description !== undefined && { description }),
    ...(keys && {
      properties: Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [key, vocabularySchema(value)]),
      ),
    }),
    ...(items && { items: vocabularySchema(items) }),
    // Without alternatives, editors would complete the key without its colon.
    ...(values ? { anyOf: [{ enum: values }, {}] } : !keys && !items && { anyOf: [{}] }),
  };
}
