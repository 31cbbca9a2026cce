import { type Row } from "../row";
import { create, scale, usual } from "./create";
import { rate } from "./rate";
import { unchanged } from "./unchanged";

/** All rows, in the order of the table. */
export const rows: readonly Row[] = [create, usual, unchanged, rate, scale];
