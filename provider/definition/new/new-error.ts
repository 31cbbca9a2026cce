/** A request that cannot be read, or of which no connector can be made. One line, for people. */
export class NewError extends Error {
  override readonly name = "NewError";
}
