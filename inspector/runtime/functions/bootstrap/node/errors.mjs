// How an error is told of: to Lambda, and in the log.
// Source: Amazon's own client (aws/aws-lambda-nodejs-runtime-interface-client, its behaviour).

import { newer } from "./release.mjs";

export function named(type, message, from) {
  const Named = { [type]: class extends Error {} }[type];
  Named.prototype.name = `Runtime.${type}`;
  const error = new Named(message);
  if (newer) error.name = Named.prototype.name; // a property of its own, which is printed
  // The place in the user's code says more than that of whoever loaded it.
  if (from !== undefined) error.stack = from.stack;
  return error;
}

export const never = () =>
  named(
    "NodeJsExit",
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly " +
      "caused by a Promise that was never settled. For more information, see " +
      "https://nodejs.org/docs/latest/api/process.html#exit-codes",
  );

export function unhandled(reason, promise) {
  return Object.assign(named("UnhandledPromiseRejection", String(reason)), { reason, promise });
}

const isError = (value) =>
  value instanceof Error ||
  ["name", "message", "stack"].every((each) => value?.[each] && typeof value[each] === "string");

const plain = (text) => text?.replaceAll("\x7F", "%7F");

// The error object that whoever invoked the function gets.
export function described(error) {
  try {
    if (!isError(error)) {
      return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
    }
    return {
      errorType: plain(error.name),
      errorMessage: plain(error.message),
      trace: plain(error.stack ?? "").split("\n"),
    };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or " +
        "more of its message, name, and stack",
    };
  }
}

// The same with all that the error holds, for the log.
export function detailed(error) {
  try {
    return JSON.stringify(error, (_, value) => {
      if (!(value instanceof Error)) return value;
      const { name: errorType, message: errorMessage, code } = value;
      return { errorType, errorMessage, code, ...value, stack: value.stack?.split("\n") };
    });
  } catch {
    return JSON.stringify(described(error));
  }
}
