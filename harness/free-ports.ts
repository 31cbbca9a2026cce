/** Ports for tests that need a number before something listens on it. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";

const HOST = "127.0.0.1";
/**
 * Below the ranges that systems take ports for `listen(0)` and outgoing connections from (Linux
 * 32768, macOS and Windows 49152): a port out of those may be another process's a moment later.
 */
const RANGE = { from: 20_000, to: 32_000 };

/**
 * The first of `count` consecutive ports of 127.0.0.1 that are free. They start at a random number,
 * so that tests that run at the same time do not get the same ones.
 */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = RANGE.from + Math.floor(Math.random() * (RANGE.to - RANGE.from));
    if (await areFree(first, count)) {
      return first;
    }
  }
}

async function areFree(first: number, count: number): Promise<boolean> {
  const servers: Server[] = [];
  try {
    for (let port = first; port < first + count; port++) {
      const server = createServer();
      server.listen(port, HOST);
      await once(server, "listening");
      servers.push(server);
    }
    return true;
  } catch (error) {
    if (["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      return false;
    }
    throw error;
  } finally {
    await Promise.all(servers.map(close));
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
