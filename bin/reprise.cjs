#!/usr/bin/env node
// The command line's first file. It is read by whatever Node the machine has, so it is written for all of them (12 and later): a fitting Node
// goes on with the command line itself; any other looks for the npm package `node` and hands over to it, or says in one sentence what is needed.
"use strict";

var needed = [24, 11];

if (fits(process.versions.node)) {
  var module_ = require("module");
  if (module_.enableCompileCache) module_.enableCompileCache();
  import("../dist/node/cli.js").catch(function (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND" || !/dist/.test(String(error.message))) throw error;
    fail("reprise: it is not built here: run `npm run build` in the folder of the package, then try again");
  });
} else {
  var node = packagedNode(process.cwd()) || packagedNode(__dirname);
  if (node) handOver(node);
  else
    fail(
      "reprise: it needs Node " + needed.join(".") + " or later, and this is Node " + process.versions.node +
        ": run `npm install --save-dev node@24` here, then the same command again",
    );
}

function fits(version) {
  var parts = version.split(".").map(Number);
  return parts[0] > needed[0] || (parts[0] === needed[0] && parts[1] >= needed[1]);
}

// The binary of a fitting `node` package in a node_modules folder, from `folder` upward.
function packagedNode(folder) {
  var fs = require("fs");
  var path = require("path");
  for (;;) {
    var found = path.join(folder, "node_modules", "node");
    try {
      var binary = path.join(found, "bin", process.platform === "win32" ? "node.exe" : "node");
      var version = JSON.parse(fs.readFileSync(path.join(found, "package.json"), "utf8")).version;
      if (fits(version) && fs.existsSync(binary)) return binary;
    } catch (_) {
      // There is none here; perhaps further up.
    }
    var parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function handOver(node) {
  var child = require("child_process").spawn(node, [__filename].concat(process.argv.slice(2)), { stdio: "inherit" });
  // Ctrl-C of a terminal reaches both processes; the command line takes signals that come close together for one.
  ["SIGINT", "SIGTERM", "SIGHUP"].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  child.on("error", function (error) {
    fail("reprise: it could not start " + node + ": " + error.message);
  });
  child.on("exit", function (code, signal) {
    if (!signal) process.exit(code === null ? 1 : code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(sentence) {
  process.stderr.write(sentence + "\n");
  process.exitCode = 2;
}
