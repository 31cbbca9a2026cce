"use strict";
// Loaded ahead of programs and providers: they end when the engine that started them has gone
// without killing them, as after a SIGKILL of the test run. Changes nothing else, and keeps no
// process alive.

const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine || (process.platform === "win32" && !isThere(engine)))
    process.kill(process.pid, "SIGKILL");
}, 500).unref();

// On Windows, a process whose parent has gone still names it.
function isThere(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
