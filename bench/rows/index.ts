import { type Row } from "../row";
import { checkAndDiff } from "./check-and-diff";
import { commands } from "./commands";
import { create, scale, usual, writtenOnce } from "./create";
import { importing } from "./import";
import { memory } from "./memory";
import { native } from "./native";
import { profile } from "./profile";
import { rate } from "./rate";
import { refreshFleet } from "./refresh-fleet";
import { start } from "./start";
import { unchanged } from "./unchanged";

/** All rows, in the order of the table. */
export const rows: readonly Row[] = [
  create,
  usual,
  writtenOnce,
  unchanged,
  refreshFleet,
  rate,
  memory,
  native,
  importing,
  start,
  checkAndDiff,
  commands,
  profile,
  scale,
];
