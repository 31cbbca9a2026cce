import { nativeTables } from "./native-tables";

nativeTables(
  "create",
  "drift",
  "interruptions",
  "lookups",
  "preview",
  "secrets",
  "sharing",
  "unchanged",
);
