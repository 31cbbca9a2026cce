/** The parts of SARIF 2.1.0 that are written, by the names of the standard. */
export interface SarifLog {
  readonly version: string;
  readonly $schema: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly version: string;
        readonly rules: readonly {
          readonly id: string;
          readonly defaultConfiguration: { readonly level: string };
          readonly help: { readonly text: string; readonly markdown: string };
          readonly helpUri?: string;
        }[];
      };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: readonly { readonly physicalLocation: unknown }[];
    }[];
  }[];
}
