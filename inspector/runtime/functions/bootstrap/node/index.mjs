// A runtime client for Node.js: asks Lambda's Runtime API for events and answers them.
// Source: the Lambda developer guide, "Using the Lambda runtime API" and "Define Lambda function
// handler in Node.js" (async, callback and streaming handlers).
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { createRequire } from "node:module";
import { PassThrough, pipeline } from "node:stream";
import { pathToFileURL } from "node:url";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
const STREAMING = Symbol.for("inspector.streaming");
const PRELUDE_END = Buffer.alloc(8);

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

function load(handler) {
  const root = process.env.LAMBDA_TASK_ROOT ?? process.cwd();
  const dot = handler.lastIndexOf("/") + 1;
  const [, file, name] = /^([^.]*)\.(.+)$/.exec(handler.slice(dot)) ?? [];
  if (!file) throw named("Runtime.MalformedHandlerName", `Bad handler '${handler}'`);
  const base = path.resolve(root, handler.slice(0, dot), file);
  const found = [".js", ".mjs", ".cjs"].map((end) => base + end).find((each) => fs.existsSync(each));
  if (!found) throw named("Runtime.ImportModuleError", `Cannot find module '${file}'`);
  return module(found).then((loaded) => {
    const from = (space) => name.split(".").reduce((value, part) => value?.[part], space);
    const found = from(loaded) ?? from(loaded.default);
    if (typeof found === "function") return found;
    throw named("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  });
}

function named(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}

async function module(file) {
  if (file.endsWith(".mjs") || (file.endsWith(".js") && isModule(file))) {
    return import(pathToFileURL(file).href);
  }
  return createRequire(file)(file);
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

function result(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, value) => (error == null ? resolve(value) : reject(error));
    context.succeed = resolve;
    context.fail = reject;
    context.done = callback;
    const returned = handler(event, context, callback);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
    else if (handler.length < 3 && returned !== undefined) resolve(returned);
    else if (handler.length < 3) resolve(null);
  });
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
    const id = next.headers["lambda-runtime-aws-request-id"];
    const trace = next.headers["lambda-runtime-trace-id"];
    if (trace) process.env._X_AMZN_TRACE_ID = trace;
    else delete process.env._X_AMZN_TRACE_ID;
    const context = contextOf(next.headers);
    try {
      const event = JSON.parse(next.body.toString("utf8"));
      if (handler[STREAMING]) {
        await stream(handler, event, context, `/2018-06-01/runtime/invocation/${id}/response`);
      } else {
        const value = await result(handler, event, context);
        const body = JSON.stringify(value === undefined ? null : value);
        await call("POST", `invocation/${id}/response`, body, {
          "Content-Type": "application/json",
        });
      }
    } catch (error) {
      console.error(error);
      await sendError(`invocation/${id}/error`, error);
    }
  }
}

process.on("unhandledRejection", (reason) => {
  console.error("Unhandled Promise Rejection", reason);
  process.exit(128);
});

let handler;
try {
  handler = await load(process.argv[2] ?? process.env._HANDLER);
} catch (error) {
  console.error(error);
  await sendError("init/error", error);
  process.exit(1);
}
try {
  await serve(handler);
} catch {
  process.exit(1); // the Runtime API is gone, and so is whoever would want an answer
}
