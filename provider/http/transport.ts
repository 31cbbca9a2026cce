import { type Dispatcher } from "undici";
import { type Send } from "./interceptor";
import { Exchange } from "./wire/exchange";

/** The end of the stack: one attempt on an undici dispatcher. */
export function transport(dispatcher: () => Dispatcher): Send {
  return async (call) => {
    const { method, target: path, headers, body } = call.request;
    const target = dispatcher();
    return new Promise((resolve, reject) => {
      target.dispatch({ origin: call.origin, method, path, headers: { ...headers }, body: body ?? null }, new Exchange(call, resolve, reject));
    });
  };
}
