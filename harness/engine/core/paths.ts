/**
 * Property paths: `name`, `headers.Accept`, `headers["Content-Type"]`, `list[0]`, `list[*].name`.
 */
import { isMap, type PropertyMap, Secret, type Value } from "./values";

export type Path = (string | number)[];

const SEGMENT = /\[(\d+)\]|\[\*\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.[\]"]+)/y;

/** @throws on text that is not a path. */
export function parsePath(text: string): Path {
  const path: Path = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < text.length) {
    const match = SEGMENT.exec(text);
    if (!match) {
      throw new Error(`Not a property path: ${text}`);
    }
    const [whole, index, quoted, plain] = match;
    if (index !== undefined) {
      path.push(Number(index));
    } else if (whole === "[*]") {
      path.push("*");
    } else {
      path.push(plain ?? quoted!.replace(/\\(.)/g, "$1"));
    }
  }
  return path;
}

export function formatPath(path: Path): string {
  return path.map(formatSegment).join("");
}

function formatSegment(segment: string | number, index: number): string {
  if (typeof segment === "number") {
    return `[${segment}]`;
  }
  if (!/^[A-Za-z0-9_]*$/.test(segment)) {
    return `["${segment.replaceAll('"', '\\"')}"]`;
  }
  return index === 0 ? segment : `.${segment}`;
}

/**
 * Whether `outer` names `inner` itself or something around it. `*` in `outer` stands for any key or
 * index.
 */
export function pathContains(outer: Path, inner: Path): boolean {
  return (
    outer.length <= inner.length &&
    outer.every((segment, index) => segment === "*" || segment === inner[index])
  );
}

/**
 * Sets what `path` names in `news` to what it is in `olds`, in place: the rule of `ignoreChanges`.
 *
 * @returns false where that is impossible, such as an element of a list of another length.
 */
export function resetPath(path: Path, olds: PropertyMap, news: PropertyMap): boolean {
  return reset(path, olds, news, { old: false, new: false });
}

/** Whether the walk has come through a secret, on either side. */
interface Secrecy {
  old: boolean;
  new: boolean;
}

function reset(
  path: Path,
  oldValue: Value | undefined,
  newValue: Value | undefined,
  around: Secrecy,
): boolean {
  const secrecy = {
    old: around.old || oldValue instanceof Secret,
    new: around.new || newValue instanceof Secret,
  };
  const olds = unwrap(oldValue);
  const news = unwrap(newValue);
  const [segment, ...rest] = path;
  if (segment === undefined) {
    return false;
  }
  if (segment === "*") {
    return resetEvery(rest, olds, news, secrecy);
  }
  if (typeof segment === "number") {
    return resetElement(segment, rest, olds, news, secrecy);
  }
  return resetKey(segment, rest, olds, news, secrecy);
}

function resetKey(
  key: string,
  rest: Path,
  olds: Value | undefined,
  news: Value | undefined,
  secrecy: Secrecy,
): boolean {
  if (rest.length === 0) {
    return resetLeaf(key, isMap(olds) ? olds[key] : undefined, news, secrecy);
  }
  if (!isMap(olds) || !isMap(news)) {
    return !isMap(olds) && !isMap(news);
  }
  if (!(key in news)) {
    return !(key in olds);
  }
  return reset(rest, olds[key], news[key], secrecy);
}

function resetLeaf(
  key: string,
  old: Value | undefined,
  news: Value | undefined,
  secrecy: Secrecy,
): boolean {
  if (old !== undefined && !isMap(news)) {
    return false;
  }
  if (isMap(news)) {
    if (old === undefined) {
      Reflect.deleteProperty(news, key);
    } else {
      news[key] = keepSecret(old, secrecy);
    }
  }
  return true;
}

function resetElement(
  index: number,
  rest: Path,
  olds: Value | undefined,
  news: Value | undefined,
  secrecy: Secrecy,
): boolean {
  if (!Array.isArray(olds) || !Array.isArray(news)) {
    return !Array.isArray(olds) && !Array.isArray(news);
  }
  const inOlds = index < olds.length;
  const inNews = index < news.length;
  if (!inOlds || !inNews) {
    return rest.length === 0 && inOlds === inNews;
  }
  if (rest.length > 0) {
    return reset(rest, olds[index], news[index], secrecy);
  }
  news[index] = keepSecret(olds[index]!, secrecy);
  return true;
}

function resetEvery(
  rest: Path,
  olds: Value | undefined,
  news: Value | undefined,
  secrecy: Secrecy,
): boolean {
  if (Array.isArray(news)) {
    if (!Array.isArray(olds)) {
      return rest.length === 0;
    }
    const shared = Math.min(olds.length, news.length);
    const done = Array.from({ length: shared }, (_, index) =>
      resetElement(index, rest, olds, news, secrecy),
    );
    return olds.length === news.length && done.every(Boolean);
  }
  if (!isMap(news)) {
    return false;
  }
  if (!isMap(olds)) {
    return rest.length === 0;
  }
  const keys =
    rest.length === 0 ? new Set([...Object.keys(olds), ...Object.keys(news)]) : Object.keys(olds);
  return [...keys].every((key) => resetKey(key, rest, olds, news, secrecy));
}

function keepSecret(value: Value, secrecy: Secrecy): Value {
  return secrecy.old && !secrecy.new && !(value instanceof Secret) ? new Secret(value) : value;
}

function unwrap(value: Value | undefined): Value | undefined {
  return value instanceof Secret ? value.value : value;
}
