// A runtime client for Node.js: asks Lambda's Runtime API for events and answers them.
// Source: the Lambda developer guide, "Using the Lambda runtime API" and "Define Lambda function
// handler in Node.js"; the behaviour of Amazon's own client, which is native code to be built.
import * as api from "./runtime_api.mjs";
import { isAsync, outcomeOf, outcomeWithoutCallbacks } from "./buffered.mjs";
import { logError, serving, takeOver } from "./console.mjs";
import { described, named, unhandled } from "./errors.mjs";
import { load } from "./loading.mjs";
import { newer } from "./release.mjs";
import { isStreaming, offer, stream } from "./streaming.mjs";

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

function uncaught(error) {
  logError("Uncaught Exception", error);
  return leave(error, 129);
}

// The newer client leaves both to Node.js, which prints them and ends with 1.
if (!newer) {
  process.on("uncaughtException", uncaught);
  process.on("unhandledRejection", (reason, promise) => {
    const error = unhandled(reason, promise);
    logError("Unhandled Promise Rejection", error);
    leave(error, 128);
  });
}

function json(header) {
  return header === undefined ? undefined : JSON.parse(header);
}

// What a handler may call is put in later; here is where it stands.
const CALLBACKS = {
  callbackWaitsForEmptyEventLoop: true,
  succeed: undefined,
  fail: undefined,
  done: undefined,
};

const environment = process.env;
const SURROUNDINGS = {
  functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
};

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const asked = {
    clientContext: json(headers["lambda-runtime-client-context"]),
    identity: json(headers["lambda-runtime-cognito-identity"]),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    tenantId: headers["lambda-runtime-aws-tenant-id"],
    ...(newer ? { xRayTraceId: headers["lambda-runtime-trace-id"] } : {}),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  if (newer) return { ...asked, ...SURROUNDINGS };
  const { functionVersion } = SURROUNDINGS; // first, there
  return { ...CALLBACKS, functionVersion, ...SURROUNDINGS, ...asked };
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
    if (streaming) {
      await stream(handler, next.body, context, id);
      continue;
    }
    const { body, error } = serialized(await settle(handler, next.body, context));
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
  if (!newer) warnOfCallbacks(handler);
  return handler;
}

function warnOfCallbacks(handler) {
  if (process.env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING !== undefined) return;
  if (handler.length !== 3 || isAsync(handler) || isStreaming(handler)) return;
  console.warn(
    "AWS Lambda plans to remove support for callback-based function handlers starting with " +
      "Node.js 24. You will need to update this function to use an async handler to use Node.js 24 " +
      "or later. For more information and to provide feedback on this change, see " +
      "https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137. To disable " +
      "this warning, set the AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING environment variable.",
  );
}

function broken(error) {
  // The Runtime API is gone, and so is whoever would want an answer.
  if (error?.code === "ECONNREFUSED" || error?.code === "ECONNRESET") process.exit(1);
  if (newer) throw error;
  return uncaught(error);
}

async function failed(error) {
  if (!newer) return uncaught(error);
  logError("Init Error", error);
  await report(error);
  throw error;
}

start().then(
  // A rejection that loading left behind is heard of before the first event is asked for.
  (handler) => setImmediate(() => serve(handler).catch(broken)),
  failed,
);
