void require("../../dist/plugin/serve").serve("supermetrics");
