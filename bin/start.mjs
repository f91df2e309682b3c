#!/usr/bin/env node
// The way in, in plain JavaScript for whatever Node the machine has (18 or later): installs what is missing,
// exactly as the lock says, and hands over to bin/rapport.ts on the pinned Node. Once all is there it only hands over.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeFlags } from './node-flags.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.rapport-lock')
const pinnedNode = join(modules, 'node', 'bin', 'node')
const installing = join(root, '.installing')

if (!isStamped()) await installAlone()
handOver(process.argv.slice(2))

/** What the installed packages must come from: this lock, for this kind of machine. */
function stamp() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch}\n`
}

function isStamped() {
  return existsSync(pinnedNode) && readText(stampFile) === stamp()
}

/** Whether somebody's own `npm ci` has put everything there: npm keeps a list of what it installed. */
function isInstalled() {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const found = JSON.parse(readText(join(modules, '.package-lock.json')) ?? '{}').packages ?? {}
  const isThere = ([path, { version, integrity, optional }]) =>
    path === '' ||
    (found[path] === undefined
      ? optional === true
      : found[path].version === version && found[path].integrity === integrity)
  return Object.entries(wanted).every(isThere) && pinnedNodeRuns(wanted['node_modules/node'].version)
}

function pinnedNodeRuns(version) {
  return spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${version}`
}

/** Two starts on a fresh clone must not install over each other: the second one waits for the first. */
async function installAlone() {
  for (let told = false; !takeTurn(); told = true) {
    if (!told)
      console.log(
        `Another start is installing (process ${readText(installing)}); waiting for it. If that is not so, remove ${installing}.`,
      )
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const giveUpTurn = () => rmSync(installing, { force: true })
  process.once('exit', giveUpTurn)
  if (!isStamped()) {
    if (!isInstalled()) await install()
    writeStamp()
  }
  giveUpTurn()
  process.removeListener('exit', giveUpTurn)
}

function takeTurn() {
  try {
    writeFileSync(installing, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST')
      fail(`Rapport can't write in ${root} (${error.code}), which it must to install what it needs.`)
    const holder = Number(readText(installing))
    if (holder > 0 && !isAlive(holder)) rmSync(installing, { force: true })
    return false
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

async function install() {
  console.log('Installing what Rapport needs, as package-lock.json says (once; this takes a minute or two) …')
  // The npm that runs us, if one does; devDependencies hold what builds the web app. Packages that want a newer Node
  // get the pinned one, so npm's warnings about the machine's are kept back.
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const [program, ...args] = [
    ...npm,
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
  forwardSignals(child)
  const [code, signal] = await new Promise((resolve) => {
    child.once('error', (error) => fail(`npm did not run (${error.message}). Install npm, or put it on PATH.`))
    child.once('exit', (...end) => resolve(end))
  })
  if (code !== 0) {
    fail(
      'npm ci failed; what it said stands above. The first start needs the network, later ones do not.',
      exitCode(code, signal),
    )
  }
  if (!isInstalled()) {
    fail(
      'npm ci ended well, but something is missing in node_modules. Were install scripts or optional packages turned off for npm?',
    )
  }
}

function writeStamp() {
  try {
    writeFileSync(stampFile, stamp())
  } catch {
    // Somebody else's clone, complete but not ours to write: it is only looked at again next time.
  }
}

function handOver(args) {
  const child = spawn(pinnedNode, [...nodeFlags, join(root, 'bin', 'rapport.ts'), ...args], {
    // The channel tells the program when we are gone without a word, so that it does not live on alone.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}` },
  })
  forwardSignals(child)
  child.once('error', (error) => fail(`The pinned Node in ${pinnedNode} did not run: ${error.message}`))
  child.once('exit', (code, signal) => process.exit(exitCode(code, signal)))
}

/** Ctrl-C reaches the whole terminal session by itself; sent on, it would arrive twice. */
function forwardSignals(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
}

function exitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0)
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function fail(message, code = 1) {
  console.error(message)
  process.exit(code || 1)
}
