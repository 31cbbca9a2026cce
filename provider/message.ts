/** A part of a message, and whether its words are our own. */
export interface Part {
  readonly text: string;
  /** False for text from outside, which may hold anything, secrets too. */
  readonly isOwn: boolean;
}

/**
 * A text that tells our own words from text that came from outside: from the vendor, the
 * definition, the settings. Only the latter is redacted, so that no secret hides our words.
 */
export class Message {
  constructor(readonly parts: readonly Part[]) {}

  toString(): string {
    return this.parts.map(({ text }) => text).join("");
  }

  /** The message with every run of text from outside changed. */
  mapOutside(change: (text: string) => string): Message {
    return new Message(
      merged(this.parts).map(({ text, isOwn }) => ({ text: isOwn ? text : change(text), isOwn })),
    );
  }
}

/** What may stand in a message: text from outside, a number of ours, or another message. */
type Inset = string | number | Message;

/**
 * A message from a template: what stands in the template is our own, and a number too; a string
 * that is put in came from outside.
 */
export function own(words: TemplateStringsArray, ...insets: readonly Inset[]): Message {
  const parts = words.flatMap((text, index) => {
    const inset = insets[index];
    return [{ text, isOwn: true }, ...(inset === undefined ? [] : partsOf(inset))];
  });
  return new Message(parts.filter(({ text }) => text !== ""));
}

/** Our own words from a constant: a vendor's display name, a property, a row of a table. */
export function ownText(text: string): Message {
  return new Message([{ text, isOwn: true }]);
}

/** A message; a string came from outside as a whole. */
export function asMessage(text: string | Message): Message {
  return text instanceof Message ? text : new Message([{ text, isOwn: false }]);
}

/** Messages in a row, with our own separator between them. */
export function joined(messages: readonly (string | Message)[], separator: string): Message {
  return new Message(
    messages.flatMap((message, index) => [
      ...(index === 0 ? [] : [{ text: separator, isOwn: true }]),
      ...asMessage(message).parts,
    ]),
  );
}

function partsOf(inset: Inset): readonly Part[] {
  return typeof inset === "number"
    ? [{ text: String(inset), isOwn: true }]
    : asMessage(inset).parts;
}

/** The parts, with neighbours of one kind as one. */
function merged(parts: readonly Part[]): Part[] {
  const runs: Part[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last?.isOwn === part.isOwn) {
      runs[runs.length - 1] = { text: last.text + part.text, isOwn: part.isOwn };
    } else {
      runs.push(part);
    }
  }
  return runs;
}
