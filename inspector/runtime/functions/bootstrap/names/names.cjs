// Leads a Node.js function's calls of the APIs that are served here to this machine, as
// sitecustomize.py does for Python. The name stays for the certificate, as the servername.
"use strict";
const tls = require("node:tls");

const here = JSON.parse(process.env.INSPECTOR_HOSTS || "{}");
const usual = tls.connect;

tls.connect = function connect(...given) {
  const at = given.findIndex((each) => each !== null && typeof each === "object");
  const options = at < 0 ? {} : given[at];
  const host = (typeof given[1] === "string" ? given[1] : options.host || options.hostname) || "";
  const port = typeof given[0] === "object" ? options.port : given[0];
  const found = here[String(host).toLowerCase()];
  if (!found || Number(port) !== 443) return usual.apply(this, given);
  const [address, local] = found;
  const rest = typeof given.at(-1) === "function" ? [given.at(-1)] : [];
  const servername = options.servername || host;
  return usual.call(this, { ...options, host: address, port: local, servername }, ...rest);
};
