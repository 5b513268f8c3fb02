// Refuses in one sentence what no script of ours can run on: a Node that is too old, a machine without a temporary directory.
// It runs before tsx and newer syntax are loaded, so it is written for every Node there is.

'use strict'

var fs = require('fs')
var os = require('os')
var path = require('path')

var NEEDED = require('../package.json').engines.node.replace('>=', '')

function isOlder(found, wanted) {
  var a = found.split('.').map(Number)
  var b = wanted.split('.').map(Number)
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])
}

function refuse(what, advice) {
  console.error('✕ ' + what + '. ' + advice)
  process.exit(2)
}

var found = process.versions.node
if (isOlder(found, NEEDED)) {
  var install = 'Install a newer one from https://nodejs.org (or: nvm install 24), then run npm ci again.'
  refuse('Matchday needs Node ' + NEEDED + ' or newer, and this is Node ' + found, install)
}

// tsx keeps there what it compiled, and dies with a stack trace where it cannot.
try {
  fs.rmdirSync(fs.mkdtempSync(path.join(os.tmpdir(), 'matchday-')))
} catch (error) {
  var directory = 'the temporary directory ' + os.tmpdir() + ' cannot be written (' + error.code + ')'
  refuse(directory, 'Make room and rights there, or point TMPDIR to another directory.')
}
