// A runtime client for Node.js: asks Lambda's Runtime API for events and answers them.
// Source: the Lambda developer guide, "Using the Lambda runtime API" and "Define Lambda function
// handler in Node.js"; the behaviour of Amazon's own client, which is native code to be built.
import * as api from "./runtime_api.mjs";
import { outcomeOf, outcomeWithoutCallbacks } from "./buffered.mjs";
import { logError, serving, takeOver } from "./console.mjs";
import { described, named, unhandled } from "./errors.mjs";
import { load } from "./loading.mjs";
import { isStreaming, offer, stream } from "./streaming.mjs";

// Node.js 24 has a client of its own at Lambda, which the function's runtime chooses, not this node.
const declared = /nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? "");
const newer = Number(declared?.[1] ?? process.versions.node.split(".")[0]) >= 24;

// Whom an error is told that comes out of nowhere: of the start, then of the invocation under way.
let report = (error) => api.initFailed(described(error));
let leaving = false;

async function leave(error, code) {
  leaving = true;
  try {
    await report(error);
  } finally {
    process.exit(code);
  }
}

process.on("uncaughtException", (error) => {
  logError("Uncaught Exception", error);
  leave(error, 129);
});
process.on("unhandledRejection", (reason, promise) => {
  const error = unhandled(reason, promise);
  logError("Unhandled Promise Rejection", error);
  leave(error, 128);
});

function json(header) {
  return header === undefined ? undefined : JSON.parse(header);
}

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const environment = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: json(headers["lambda-runtime-client-context"]),
    identity: json(headers["lambda-runtime-cognito-identity"]),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function begin(headers) {
  const id = headers["lambda-runtime-aws-request-id"];
  const trace = headers["lambda-runtime-trace-id"];
  if (trace) process.env._X_AMZN_TRACE_ID = trace;
  else delete process.env._X_AMZN_TRACE_ID;
  serving(id);
  report = (error) => api.fail(id, described(error));
  return id;
}

function serialized({ value, error }) {
  if (error !== undefined) return { error };
  try {
    return { body: JSON.stringify(value === undefined ? null : value) ?? "null" };
  } catch {
    const why = "Unable to stringify response body";
    return { error: newer ? named("JSONStringifyError", why) : new Error(why) };
  }
}

async function serve(handler) {
  const streaming = isStreaming(handler);
  const settle = newer ? outcomeWithoutCallbacks : outcomeOf;
  while (!leaving) {
    const next = await api.next();
    const id = begin(next.headers);
    const context = contextOf(next.headers);
    if (newer) delete context.callbackWaitsForEmptyEventLoop;
    const event = JSON.parse(next.body);
    if (streaming) {
      await stream(handler, event, context, id);
      continue;
    }
    const { body, error } = serialized(await settle(handler, event, context));
    if (error === undefined) {
      await api.answer(id, body);
    } else {
      logError("Invoke Error", error);
      await api.fail(id, described(error));
    }
  }
}

async function start() {
  takeOver();
  offer();
  const handler = await load(
    process.env.LAMBDA_TASK_ROOT ?? process.cwd(),
    process.argv[2] ?? process.env._HANDLER,
  );
  if (newer && handler.length >= 3 && !isStreaming(handler)) {
    throw named(
      "CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with " +
        "Node.js 24. You need to modify this function to use a supported handler signature to use " +
        "Node.js 24 or later. For more information see " +
        "https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  }
  return handler;
}

function broken(error) {
  // The Runtime API is gone, and so is whoever would want an answer; or the event is no JSON.
  if (error?.code === "ECONNREFUSED" || error?.code === "ECONNRESET") process.exit(1);
  logError("Uncaught Exception", error);
  leave(error, 129);
}

start().then(
  // A rejection that loading left behind is heard of before the first event is asked for.
  (handler) => setImmediate(() => serve(handler).catch(broken)),
  (error) => {
    logError(newer ? "Init Error" : "Uncaught Exception", error);
    leave(error, 129);
  },
);
