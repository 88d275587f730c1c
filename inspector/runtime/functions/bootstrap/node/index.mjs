// A runtime client for Node.js: asks Lambda's Runtime API for events and answers them.
// Sources: the Lambda developer guide, "Using the Lambda runtime API" and "Define Lambda function
// handler in Node.js" (async, callback and streaming handlers); for when an invocation has ended,
// the types of errors and the form of what is printed, what Amazon's own client does
// (aws-lambda-nodejs-runtime-interface-client of August 2025).
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { createRequire } from "node:module";
import { PassThrough, pipeline } from "node:stream";
import { pathToFileURL } from "node:url";
import util from "node:util";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
const STREAMING = Symbol.for("inspector.streaming");
const PRELUDE_END = Buffer.alloc(8);

// The invocation that runs, for what is printed; where an error goes that nobody caught; what is
// done once the event loop is empty.
let requestId;
let errorsTo = "init/error";
let onceEmpty = () => {};

function call(method, where, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const options = {
      host, port, agent, method, path: `/2018-06-01/runtime/${where}`, headers: { ...headers },
    };
    if (body !== undefined) options.headers["Content-Length"] = Buffer.byteLength(body);
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

function described(error) {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? "").split("\n"),
  };
}

async function sendError(where, error) {
  const document = described(error);
  await call("POST", where, JSON.stringify(document), {
    "Content-Type": "application/json",
    "Lambda-Runtime-Function-Error-Type": document.errorType,
  });
}

function print(level, text, ...more) {
  const line = util.format(text, ...more);
  process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${line}\n`);
}

for (const name of ["trace", "debug", "info", "warn", "error"]) {
  console[name] = (text, ...more) => print(name.toUpperCase(), text, ...more);
}
console.log = console.info;

function logError(what, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  const open = (_, value) => {
    if (!(value instanceof Error)) return value;
    const { name: errorType, message: errorMessage, code } = value;
    return { errorType, errorMessage, code, ...value, stack: value.stack?.split("\n") };
  };
  let text;
  try {
    text = JSON.stringify(error, open);
  } catch {
    text = JSON.stringify(described(error)); // it holds itself
  }
  console.error(what, `\t${text}`);
}

// An error that nobody caught is the invocation's, and ends the process.
async function end(what, error, code) {
  logError(what, error);
  const where = errorsTo;
  errorsTo = undefined;
  if (where) await sendError(where, error).catch(() => {});
  process.exit(code);
}

class ResponseStream extends PassThrough {
  contentType = "application/octet-stream";
  setContentType(type) {
    this.contentType = type;
  }
}

globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[STREAMING] = true;
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType("application/vnd.awslambda.http-integration-response");
      stream.write(JSON.stringify(prelude));
      stream.write(PRELUDE_END);
      return stream;
    },
  },
};

async function load(handler) {
  if (handler.includes("..")) {
    const advice = "Use absolute paths when specifying root directories in handler names.";
    const message = `'${handler}' is not a valid handler name. ${advice}`;
    throw named("Runtime.MalformedHandlerName", message);
  }
  const root = process.env.LAMBDA_TASK_ROOT ?? process.cwd();
  const dot = handler.lastIndexOf("/") + 1;
  const [, file, name] = /^([^.]*)\.(.*)$/.exec(handler.slice(dot)) ?? [];
  if (!file) throw named("Runtime.MalformedHandlerName", "Bad handler");
  const loaded = await module(root, path.resolve(root, handler.slice(0, dot), file), file);
  const from = (space) => name.split(".").reduce((value, part) => value?.[part], space);
  const found = from(loaded) ?? from(loaded.default);
  if (typeof found === "function") return found;
  const lack = found ? "is not a function" : "is undefined or not exported";
  throw named("Runtime.HandlerNotFound", `${handler} ${lack}`);
}

function named(name, message) {
  class Named extends Error {}
  Named.prototype.name = name;
  return new Named(message);
}

async function module(root, base, name) {
  const require = createRequire(path.join(root, "index.js"));
  const ends = ["", ".js", ".mjs", ".cjs"];
  const found = ends.map((end) => base + end).find((each) => fs.existsSync(each));
  try {
    if (found?.endsWith(".mjs") || (found?.endsWith(".js") && isModule(found))) {
      return await import(pathToFileURL(found).href);
    }
    return require(found ?? require.resolve(name));
  } catch (error) {
    if (error instanceof SyntaxError) throw named("Runtime.UserCodeSyntaxError", error);
    if (error.code === "MODULE_NOT_FOUND") throw named("Runtime.ImportModuleError", error);
    throw error;
  }
}

function isModule(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const declared = path.join(folder, "package.json");
    if (fs.existsSync(declared)) return JSON.parse(fs.readFileSync(declared)).type === "module";
    if (folder === path.dirname(folder)) return false;
  }
}

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

// An invocation ends with the promise that the handler returned, with the first call of a callback,
// or when nothing is left to do. What a handler returns that is no promise counts for nothing.
function result(handler, event, context) {
  return new Promise((resolve, reject) => {
    let ended = false;
    const first = (settle) => (...given) => {
      if (ended) return;
      ended = true;
      settle(...given);
    };
    const done = (error, value) => {
      onceEmpty = () => {};
      if (error == null) resolve(value);
      else reject(error);
    };
    const callback = (error, value) => {
      if (error != null || !context.callbackWaitsForEmptyEventLoop) done(error, value);
      else onceEmpty = () => resolve(value);
    };
    context.succeed = first((value) => done(null, value));
    context.fail = first((error) => done(error ?? "handled"));
    context.done = first(done);
    const forgotten = handler.constructor?.name === "AsyncFunction" ? unsettled() : null;
    onceEmpty = first(() => done(forgotten, null));
    const returned = handler(event, context, first(callback));
    if (typeof returned?.then === "function") returned.then(context.succeed, context.fail);
  });
}

function unsettled() {
  return named(
    "Runtime.NodeJsExit",
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly " +
      "caused by a Promise that was never settled. For more information, see " +
      "https://nodejs.org/docs/latest/api/process.html#exit-codes",
  );
}

function stream(handler, event, context, where) {
  const output = new ResponseStream();
  return new Promise((resolve, reject) => {
    let started = false;
    const start = () => {
      if (started) return;
      started = true;
      const headers = {
        "Lambda-Runtime-Function-Response-Mode": "streaming",
        "Content-Type": output.contentType,
        "Transfer-Encoding": "chunked",
        Trailer: "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body",
      };
      const options = { host, port, agent, method: "POST", path: where, headers };
      const request = http.request(options, (response) => {
        response.resume();
        response.on("end", resolve);
      });
      request.on("error", reject);
      pipeline(output, request, () => {});
      output.failed = (error) => {
        const document = described(error);
        request.addTrailers({
          "Lambda-Runtime-Function-Error-Type": document.errorType,
          "Lambda-Runtime-Function-Error-Body":
            Buffer.from(JSON.stringify(document)).toString("base64"),
        });
      };
    };
    output.once("readable", start);
    Promise.resolve(handler(event, output, context)).then(
      () => {
        if (!output.writableEnded) output.end();
        start();
      },
      (error) => {
        if (!started) return reject(error);
        output.failed(error);
        output.end();
      },
    );
  });
}

async function serve(handler) {
  for (;;) {
    const next = await call("GET", "invocation/next");
    requestId = next.headers["lambda-runtime-aws-request-id"];
    const where = `invocation/${requestId}`;
    errorsTo = `${where}/error`;
    const trace = next.headers["lambda-runtime-trace-id"];
    if (trace) process.env._X_AMZN_TRACE_ID = trace;
    else delete process.env._X_AMZN_TRACE_ID;
    const context = contextOf(next.headers);
    try {
      const event = JSON.parse(next.body.toString("utf8"));
      if (handler[STREAMING]) {
        await stream(handler, event, context, `/2018-06-01/runtime/${where}/response`);
      } else {
        const value = await result(handler, event, context);
        const body = JSON.stringify(value === undefined ? null : value);
        await call("POST", `${where}/response`, body, { "Content-Type": "application/json" });
      }
    } catch (error) {
      logError("Invoke Error", error);
      await sendError(`${where}/error`, error);
    }
    errorsTo = undefined;
  }
}

process.on("uncaughtException", (error) => end("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason, promise) => {
  const error = named("Runtime.UnhandledPromiseRejection", reason);
  end("Unhandled Promise Rejection", Object.assign(error, { reason, promise }), 128);
});
process.on("beforeExit", () => {
  const then = onceEmpty;
  onceEmpty = () => {};
  then();
});

load(process.argv[2] ?? process.env._HANDLER).then(
  // When the Runtime API is gone, so is whoever would want an answer.
  (handler) => serve(handler).catch(() => process.exit(1)),
  (error) => end("Uncaught Exception", error, 129),
);
