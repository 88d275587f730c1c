// A handler whose result is sent whole: what it comes to, as `{ value }` or `{ error }`.
// Source: Amazon's own client. Up to Node.js 22 a handler calls back, or gives a promise; what it
// returns otherwise is not looked at, and it is done when its event loop is empty. From Node.js 24
// on there are no callbacks, and whatever it returns is its result.
import { never } from "./errors.mjs";

let whenEmpty = () => {};
process.on("beforeExit", () => whenEmpty());

export const isAsync = (handler) => handler.constructor?.name === "AsyncFunction";

export function outcomeOf(handler, body, context) {
  return new Promise((resolve) => {
    let done = false;
    const once = (settle) => (...given) => {
      if (done) return;
      done = true;
      whenEmpty = () => {};
      settle(...given);
    };
    const finish = (error, value) => resolve(error == null ? { value } : { error });
    const succeed = once((value) => resolve({ value }));
    const fail = once((error) => resolve({ error: error ?? "handled" }));
    const callback = once((error, value) => {
      if (error != null || !context.callbackWaitsForEmptyEventLoop) finish(error, value);
      else whenEmpty = () => setImmediate(resolve, { value });
    });
    Object.assign(context, { succeed, fail, done: once(finish) });
    whenEmpty = () => {
      if (isAsync(handler)) fail(never());
      else succeed(null);
    };
    try {
      const returned = handler(JSON.parse(body), context, callback);
      if (typeof returned?.then === "function") returned.then(succeed, fail);
    } catch (error) {
      callback(error);
    }
  });
}

export async function outcomeWithoutCallbacks(handler, body, context) {
  const event = JSON.parse(body); // what is none ends the process
  try {
    return { value: await handler(event, context) };
  } catch (error) {
    return { error };
  }
}
