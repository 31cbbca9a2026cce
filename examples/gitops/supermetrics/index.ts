export { awin } from "./awin";
export { frankfurter } from "./frankfurter";
export { github } from "./github";
export { hubspot } from "./hubspot";
export { klaviyo } from "./klaviyo";
export { plausible } from "./plausible";
export { stripe } from "./stripe";
