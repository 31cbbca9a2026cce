/** A part of a query or form as text; one that is not encoded correctly stays as it is. */
export function formText(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll("+", " "));
  } catch {
    return part;
  }
}
