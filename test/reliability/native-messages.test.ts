import { nativeTables } from "./native-tables";

nativeTables("canaries", "own-words");
