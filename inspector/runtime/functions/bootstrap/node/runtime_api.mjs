// Calls to Lambda's Runtime API (developer guide, "Using the Lambda runtime API").
import http from "node:http";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
// Sockets that wait for their next use do not keep the process alive, so that the event loop is
// empty when the function has nothing left to do.
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });

export const where = (id, what) => `/2018-06-01/runtime/invocation/${id}/${what}`;

export function open(method, path, headers, answered) {
  return http.request({ host, port, agent, method, path, headers }, answered);
}

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined
        ? {}
        : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const request = open(method, path, headers, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const { statusCode: status, headers: fields } = response;
        resolve({ status, headers: fields, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

export const next = () => call("GET", "/2018-06-01/runtime/invocation/next");
export const answer = (id, body) => call("POST", where(id, "response"), body);
export const fail = (id, document) => call("POST", where(id, "error"), JSON.stringify(document));
export const initFailed = (document) =>
  call("POST", "/2018-06-01/runtime/init/error", JSON.stringify(document));
