/** A method and a path template, for example `/v1/connectors/{connector_id}`. */
export interface RoutePattern {
  readonly method: string;
  readonly path: string;
}

/**
 * The result of a lookup: a route with its decoded parameters, or the methods that the path
 * supports, or nothing.
 */
export type RouteMatch<Route> =
  | {
      readonly kind: "route";
      readonly route: Route;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: "method"; readonly allowed: readonly string[] }
  | { readonly kind: "none" };

/** Finds the route of a request. A trailing slash is significant. */
export function matchRoute<Route extends RoutePattern>(
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch<Route> {
  const allowed: string[] = [];
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params === undefined) {
      continue;
    }
    if (route.method === method) {
      return { kind: "route", route, params };
    }
    allowed.push(route.method);
  }
  return allowed.length > 0 ? { kind: "method", allowed } : { kind: "none" };
}

/** True if any route has this path, regardless of its method. */
export function hasPath(routes: readonly RoutePattern[], path: string): boolean {
  return routes.some((route) => matchPath(route.path, path) !== undefined);
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const expected = template.split("/");
  const actual = path.split("/");
  if (expected.length !== actual.length) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = actual[index] ?? "";
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== value : value === "") {
      return undefined;
    }
    if (name !== undefined) {
      params[name] = decode(value);
    }
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
