import { DatabarConnector } from "pulumi-connectors";
import { secret } from "../config";

/**
 * Lighthouse scores of a web page.
 *
 * https://developers.google.com/speed/docs/insights/rest/v5/pagespeedapi/runpagespeed
 */
export const pagespeed = new DatabarConnector("pagespeed", {
  name: "PageSpeed: Lighthouse scores",
  method: "get",
  url: "https://pagespeedonline.googleapis.com/pagespeedonline/v5/runPagespeed",
  parameters: {
    url: "",
    strategy: "MOBILE",
    category: ["PERFORMANCE", "ACCESSIBILITY", "BEST_PRACTICES", "SEO"], // sent as four parameters
    key: secret("pagespeedApiKey"),
  },
  rateLimit: 60,
  maxConcurrency: 4, // a run takes up to a minute
});
