#!/usr/bin/env node
// CommonJS, in the syntax of old versions of Node, so that they can say what is wrong.
'use strict';

var fs = require('fs');
var path = require('path');

var dist = path.join(__dirname, '../dist');
var version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  fail('needs Node.js 20.19 or newer; this is ' + process.versions.node + ' (' + process.execPath + ')');
} else if (!fs.existsSync(path.join(dist, 'cli.cjs'))) {
  fail('not built yet; run: npm run dependencies --prefix ' + JSON.stringify(path.dirname(__dirname)));
} else {
  load('cli.cjs').start(process, function () {
    return load('main.cjs');
  });
}

function fail(message) {
  console.error('kafka-ts: ' + message);
  process.exitCode = 1;
}

// As require would, but with what V8 made of the file at build (scripts/code-cache.mjs), where this is the same V8.
function load(name) {
  var Module = require('module');
  var Script = require('vm').Script;
  var file = path.join(dist, name);
  var cache = file + '.' + process.versions.v8 + '-' + process.arch;
  var cachedData = fs.existsSync(cache) ? fs.readFileSync(cache) : undefined;
  var script = new Script(Module.wrap(fs.readFileSync(file, 'utf8')), { filename: file, cachedData: cachedData });
  var module = { exports: {} };
  script.runInThisContext()(module.exports, Module.createRequire(file), module, file, dist);
  return module.exports;
}
