#!/usr/bin/env node
// CommonJS, in the syntax of old versions of Node, so that they can say what is wrong.
'use strict';

var version = process.versions.node.split('.').map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error('kafka-ts: needs Node.js 20.19 or newer; this is ' + process.versions.node + ' (' + process.execPath + ')');
  process.exitCode = 1;
} else {
  run();
}

function run() {
  var cli;
  try {
    cli = require('../dist/cli.cjs');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' || require('fs').existsSync(require('path').join(__dirname, '../dist/cli.cjs'))) throw error;
    console.error('kafka-ts: not built yet; run: npm run dependencies --prefix ' + JSON.stringify(require('path').dirname(__dirname)));
    process.exitCode = 1;
    return;
  }
  cli.start(process, function () {
    return require('../dist/main.cjs');
  });
}
