import { withoutSecrets } from "../../../provider/model/known-secrets";

test("R8 a secret that is a part of another leaves no rest of it", () => {
  expect(withoutSecrets("a sk-live-123456 b sk-live", ["sk-live", "sk-live-123456"])).toBe(
    "a [secret] b [secret]",
  );
});
