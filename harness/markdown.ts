/**
 * What tests look for in Markdown pages: fenced blocks, headings as GitHub anchors them, and links.
 */

/** A fenced block. */
export interface Block {
  /** The first word behind the fence; empty where there is none. */
  readonly language: string;
  /** Without the fences, with a line end. */
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** A link, an image, or the definition of a reference. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

interface Line {
  readonly text: string;
  readonly number: number;
}

interface Parts {
  readonly blocks: readonly Block[];
  /** What is not within a fence. */
  readonly prose: readonly Line[];
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w-]*)/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;

function partsOf(markdown: string): Parts {
  const blocks: Block[] = [];
  const prose: Line[] = [];
  let open:
    | {
        readonly fence: string;
        readonly language: string;
        readonly line: number;
        readonly lines: string[];
      }
    | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const [, fence = "", language = ""] = FENCE.exec(text) ?? [];
    if (open === undefined && fence !== "") {
      open = { fence, language, line: index + 1, lines: [] };
    } else if (open === undefined) {
      prose.push({ text, number: index + 1 });
    } else if (fence.startsWith(open.fence) && text.trim() === fence) {
      blocks.push({ language: open.language, text: `${open.lines.join("\n")}\n`, line: open.line });
      open = undefined;
    } else {
      open.lines.push(text);
    }
  }
  if (open) {
    throw new Error(`The block that begins on line ${open.line} does not end.`);
  }
  return { blocks, prose };
}

/** Every fenced block of a page, in its order. */
export function blocksOf(markdown: string): readonly Block[] {
  return partsOf(markdown).blocks;
}

/** The fenced blocks of a section: from a heading of the second level to the next. */
export function blocksOfSection(markdown: string, heading: string): readonly Block[] {
  const { blocks, prose } = partsOf(markdown);
  const start = prose.find(({ text }) => text === `## ${heading}`)?.number;
  if (start === undefined) {
    throw new Error(`The page has no section "${heading}".`);
  }
  const end = prose.find(({ text, number }) => number > start && text.startsWith("## "))?.number;
  return blocks.filter(({ line }) => line > start && line < (end ?? Infinity));
}

/**
 * The anchors of a page: of its headings, the second of a name with `-1`, and those that it writes
 * itself.
 */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text } of partsOf(markdown).prose) {
    for (const [, own = ""] of text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) {
      anchors.add(own);
    }
    const heading = HEADING.exec(text)?.[1];
    if (heading === undefined) {
      continue;
    }
    const anchor = anchorOf(heading);
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) {
      unique = `${anchor}-${count}`;
    }
    anchors.add(unique);
  }
  return anchors;
}

/** A heading as GitHub makes an anchor of it. */
function anchorOf(heading: string): string {
  const shown = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*]/g, "");
  return shown
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

const INLINE = /\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+"[^"]*")?\s*\)/g;
const HTML = /<(?:a|img|source)\s[^>]*?(?:href|src|srcset)="([^"]*)"/g;
const REFERENCE = /^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?\s*$/g;

/** Every link of a page, wherever it leads. Code is none. */
export function linksOf(markdown: string): readonly Link[] {
  return partsOf(markdown).prose.flatMap(({ text, number }) => {
    const plain = text.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, (code) => "`".repeat(code.length));
    return [INLINE, HTML, REFERENCE].flatMap((pattern) =>
      [...plain.matchAll(pattern)].map(([, target = ""]) => ({ target, line: number })),
    );
  });
}
