"use strict";
// Loaded ahead of programs and providers: they end when the engine that started them has gone without killing them,
// as after a SIGKILL of the test run. Changes nothing else, and keeps no process alive.

const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.kill(process.pid, "SIGKILL");
}, 500).unref();
