// A handler that sends its result as it comes (developer guide, "Writing Lambda functions that
// stream responses"). What it is given is the request itself, as with Amazon's own client: a head is
// sent before the first write, so that a stream that is ended without one has none.
import * as api from "./runtime_api.mjs";
import { logError } from "./console.mjs";
import { described, named } from "./errors.mjs";

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const HIGH_WATER_MARK = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");
const HEAD_END = new Uint8Array(8);
const ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
const ERROR_BODY = "Lambda-Runtime-Function-Error-Body";

export function offer() {
  if (["1", "true"].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA)) return;
  globalThis.awslambda = {
    ...globalThis.awslambda,
    streamifyResponse(handler, options) {
      handler[STREAMING] = "response";
      if (typeof options?.highWaterMark === "number") {
        handler[HIGH_WATER_MARK] = options.highWaterMark;
      }
      return handler;
    },
    HttpResponseStream: {
      from(stream, head) {
        stream.setContentType("application/vnd.awslambda.http-integration-response");
        const text = JSON.stringify(head);
        stream._onBeforeFirstWrite = (write) => {
          write(text);
          write(HEAD_END);
        };
        return stream;
      },
    },
  };
}

export function isStreaming(handler) {
  const kind = handler[STREAMING];
  if (kind == null || kind === false) return false;
  if (kind === "response") return true;
  throw named("MalformedStreamingHandler", "Only response streaming is supported.");
}

export async function stream(handler, body, context, id) {
  const { output, answered } = opened(id);
  try {
    const returned = handler(JSON.parse(body), output, context);
    if (typeof returned?.then !== "function") {
      throw "Streaming does not support non-async handlers.";
    }
    if ((await returned) !== undefined) console.warn("Streaming handlers ignore return values.");
    await answered;
  } catch (error) {
    logError("Invoke Error", error);
    const document = described(error);
    output.addTrailers({
      [ERROR_TYPE]: document.errorType,
      [ERROR_BODY]: Buffer.from(JSON.stringify(document)).toString("base64"),
    });
    output.end();
    await answered;
  }
}

function opened(id) {
  let settle;
  const answered = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  const headers = {
    "Lambda-Runtime-Function-Response-Mode": "streaming",
    "Content-Type": "application/octet-stream",
    "Transfer-Encoding": "chunked",
    Trailer: `${ERROR_TYPE}, ${ERROR_BODY}`,
  };
  const output = api.open("POST", api.where(id, "response"), headers, (response) => {
    response.resume();
    response.on("end", settle.resolve);
  });
  output.on("error", settle.reject);
  answered.catch(() => {}); // whoever waits for it hears of it
  let begun = false;
  const write = output.write.bind(output);
  output.setContentType = (type) => {
    if (begun) throw named("InvalidStreamingOperation", "Cannot set content-type, too late.");
    output.setHeader("Content-Type", type);
  };
  output.write = (chunk, ...rest) => {
    const plain = typeof chunk === "string" || chunk instanceof Uint8Array;
    if (!begun) output._onBeforeFirstWrite?.((head) => write(head));
    begun = true;
    return write(plain ? chunk : JSON.stringify(chunk), ...rest);
  };
  return { output, answered };
}
