// `console` as Lambda has it: a line with the time, the request's id and the level before the text,
// or a JSON object (developer guide, "Log and monitor Node.js Lambda functions").
import { format } from "node:util";
import { detailed } from "./errors.mjs";
import { newer } from "./release.mjs";

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const least = Math.max(0, LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()));
const inJson = process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === "JSON";

let requestId = newer ? "-" : undefined;
export function serving(id) {
  requestId = id;
}

const typed = (error) => error.constructor?.name ?? "UnknownError";

function replaced(_, value) {
  if (!(value instanceof Error)) return value;
  const stackTrace = value.stack?.split("\n");
  return { errorType: typed(value), errorMessage: value.message, stackTrace, ...value };
}

function object(level, parts) {
  const timestamp = new Date().toISOString();
  const line = { timestamp, level, requestId, message: format(...parts) };
  if (parts.length === 1) {
    try {
      return JSON.stringify({ ...line, message: parts[0] }, replaced);
    } catch {
      return JSON.stringify(line);
    }
  }
  const error = parts.find((part) => part instanceof Error);
  if (error !== undefined) {
    line.errorType = typed(error);
    line.errorMessage = error.message;
    line.stackTrace = error.stack?.split("\n") ?? [];
  }
  return JSON.stringify(line);
}

const text = (level, parts) =>
  [new Date().toISOString(), String(requestId), level, format(...parts)].join("\t");

function writer(level) {
  if (LEVELS.indexOf(level) < least) return () => {};
  const line = inJson ? object : text;
  return (...parts) => void process.stdout.write(`${line(level, parts)}\n`);
}

export function takeOver() {
  for (const level of LEVELS) console[level.toLowerCase()] = writer(level);
  console.log = console.info;
}

// An error that the runtime speaks of, not the function.
export function logError(what, error) {
  const shown = error instanceof Error ? error : new Error(error);
  if (inJson) console.error(shown);
  else console.error(what, `\t${detailed(shown)}`);
}
