// From `folder/file.name` to the function of that name.
// Source: Amazon's own client (which extension is tried when, and what each failure is called).
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { named } from "./errors.mjs";
import { newer } from "./release.mjs";

const require = createRequire(import.meta.url);

export async function load(root, handler) {
  if (handler.includes("..")) {
    throw named(
      "MalformedHandlerName",
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root ` +
        "directories in handler names.",
    );
  }
  const base = path.basename(handler);
  const [, file, name] = /^([^.]*)\.(.*)$/.exec(base) ?? [];
  if (name === undefined) throw named("MalformedHandlerName", "Bad handler");
  const folder = handler.slice(0, handler.indexOf(base));
  const loaded = await module(root, folder, file);
  const found = within(loaded, name) || (newer && within(loaded?.default, name));
  if (!found) throw named("HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof found !== "function") throw named("HandlerNotFound", `${handler} is not a function`);
  return found;
}

const within = (space, name) => name.split(".").reduce((value, part) => value && value[part], space);

async function module(root, folder, file) {
  try {
    return await any(path.resolve(root, folder, file), file, [root, path.join(root, folder)]);
  } catch (error) {
    if (error instanceof SyntaxError) throw named("UserCodeSyntaxError", String(error), error);
    if (error?.code === "MODULE_NOT_FOUND") throw named("ImportModuleError", String(error));
    throw error;
  }
}

async function any(whole, file, paths) {
  const there = (ending) => (fs.existsSync(whole + ending) ? whole + ending : undefined);
  const imported = (found) => import(pathToFileURL(found).href);
  if (there("")) return require(whole); // a folder, too
  if (there(".js")) return isModule(`${whole}.js`) ? imported(`${whole}.js`) : require(`${whole}.js`);
  if (there(".mjs")) return imported(`${whole}.mjs`);
  if (there(".cjs")) return require(`${whole}.cjs`);
  return require(require.resolve(file, { paths }));
}

function isModule(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (folder.endsWith(`${path.sep}node_modules`)) return false;
    const declared = path.join(folder, "package.json");
    if (fs.existsSync(declared)) return typeIn(declared) === "module";
    if (folder === path.dirname(folder)) return false;
  }
}

function typeIn(declared) {
  try {
    return JSON.parse(fs.readFileSync(declared, "utf8"))?.type;
  } catch (error) {
    const why = "cannot be read, it will be ignored for ES module detection purposes.";
    console.warn(`${declared} ${why}`, error);
    return undefined;
  }
}
