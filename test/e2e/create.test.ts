import { startWorld, expectOk } from "./world";
it("probe", async () => {
  const world = await startWorld();
  world.program({ a: { type: "DatabarConnector", args: { name: "A", method: "get", url: "https://api.example.com/", rateLimit: 5, headers: { Authorization: "Bearer abcdefgh", Accept: "x" } } },
   b: { type: "SupermetricsConnector", args: { name: "B", configuration: { a: 1 } } } }, { id: { $output: "a.connectorId" } });
  let t = Date.now();
  for (const op of ["up", "up", "preview", "refresh", "destroy"] as const) {
    const result = await world.stack[op]();
    console.log(op, Date.now() - t, result.text, JSON.stringify(result.steps), JSON.stringify(result.diagnostics), JSON.stringify(result.outputs)); t = Date.now();
    expectOk(result);
  }
  await world.close();
});
