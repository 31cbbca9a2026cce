import { type Row } from "../row";
import { checkdiff } from "./checkdiff";
import { create, scale, usual } from "./create";
import { importing } from "./import";
import { memory } from "./memory";
import { profile } from "./profile";
import { rate } from "./rate";
import { unchanged } from "./unchanged";
import { validate } from "./validate";

/** All rows, in the order of the table. */
export const rows: readonly Row[] = [
  create,
  usual,
  unchanged,
  rate,
  memory,
  importing,
  checkdiff,
  validate,
  profile,
  scale,
];
