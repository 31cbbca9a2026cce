import { nativeTables } from "./native-tables";

nativeTables("kill", "rate", "written-once");
