void require("../../dist/plugin/serve").serve("databar");
