import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const lock = JSON.stringify({
  packages: {
    '': { name: 'rapport' },
    'node_modules/node': { version: process.version.slice(1), integrity: 'sha512-node' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/for-another-machine': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
})

/** Stands for npm: notes each call, takes its time, and puts there what the lock says, or fails. */
const fakeNpm = `
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync, symlinkSync, rmSync } from 'node:fs'
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
await new Promise((resolve) => setTimeout(resolve, 300))
if (existsSync('npm-fails')) { console.error('npm error network'); process.exit(7) }
rmSync('node_modules', { recursive: true, force: true })
mkdirSync('node_modules/node/bin', { recursive: true })
symlinkSync(${JSON.stringify(process.execPath)}, 'node_modules/node/bin/node')
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
delete packages['']
delete packages['node_modules/for-another-machine']
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }))
`

/** Stands for the program: says what it was given, ends as it was told, and waits for a signal if told so. */
const fakeProgram = `
const [command, ...rest] = process.argv.slice(2)
if (command === 'wait') {
  const timer = setInterval(() => {}, 1000)
  process.once('SIGTERM', () => { console.log('ended in order'); clearInterval(timer); process.exit(3) })
}
console.log(JSON.stringify({ command, rest, path: process.env.PATH.split(':')[0], exec: process.execPath, pid: process.pid }))
if (command === 'exit') process.exit(Number(rest[0]))
if (command === 'die') process.kill(process.pid, 'SIGKILL')
if (process.channel) process.channel.unref()
`

describe('the launcher', () => {
  let root: string

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'rapport-start-')))
    await mkdir(join(root, 'bin'))
    for (const name of ['start.mjs', 'node-flags.mjs', 'rapport.mjs'])
      await copyFile(join(import.meta.dirname, name), join(root, 'bin', name))
    await writeFile(join(root, 'package-lock.json'), lock)
    await writeFile(join(root, 'npm.js'), fakeNpm)
    await writeFile(join(root, 'package.json'), '{"type":"module"}')
    await writeFile(join(root, 'bin', 'rapport.ts'), fakeProgram)
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  function start(...args: string[]): ChildProcess {
    const env = { ...process.env, npm_execpath: join(root, 'npm.js') }
    return spawn(process.execPath, [join(root, 'bin', 'start.mjs'), ...args], { env, cwd: tmpdir() })
  }
  const npmCalls = async () =>
    (await readFile(join(root, 'npm-calls'), 'utf8').catch(() => '')).split('\n').slice(0, -1)

  it('installs by the lock once, and hands over on the pinned Node with all arguments', async () => {
    const first = await ended(start('start', '--demo'))
    expect(first.code).toBe(0)
    expect(JSON.parse(first.out.trim().split('\n').at(-1)!)).toMatchObject({
      command: 'start',
      rest: ['--demo'],
      path: join(root, 'node_modules', '.bin'),
    })
    const second = await ended(start('start'))
    expect(second.out.split('\n')).toHaveLength(2)
    expect(await npmCalls()).toEqual(['ci --include=dev --include=optional --no-audit --no-fund --loglevel=error'])
  })

  it('installs again when the lock has changed', async () => {
    await ended(start('start'))
    await writeFile(join(root, 'package-lock.json'), lock.replace('"1.0.0"', '"1.0.1"'))
    expect((await ended(start('start'))).code).toBe(0)
    expect(await npmCalls()).toHaveLength(2)
  })

  it('needs no npm where somebody has already installed everything', async () => {
    await ended(start('start'))
    await rm(join(root, 'node_modules', '.rapport-lock'))
    await rm(join(root, 'npm.js'))
    expect((await ended(start('start'))).code).toBe(0)
    const stamp = await readFile(join(root, 'node_modules', '.rapport-lock'), 'utf8')
    expect(stamp).toContain(createHash('sha256').update(lock).digest('hex'))
  })

  it('installs once when two start at the same time, and after one that was killed in between', async () => {
    await writeFile(join(root, '.installing'), '999999999')
    const both = await Promise.all([ended(start('start')), ended(start('start'))])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(await npmCalls()).toHaveLength(1)
  })

  it('passes on the failure of npm, and tries again next time', async () => {
    await writeFile(join(root, 'npm-fails'), '')
    const failed = await ended(start('start'))
    expect(failed.code).toBe(7)
    expect(failed.err).toContain('npm error network')
    expect(failed.err).toContain('npm ci failed')
    await rm(join(root, 'npm-fails'))
    expect((await ended(start('start'))).code).toBe(0)
  })

  it('ends with the exit code of the program, and says so when a signal killed it', async () => {
    expect((await ended(start('exit', '42'))).code).toBe(42)
    expect((await ended(start('die'))).code).toBe(137)
  })

  it('forwards a signal and waits for the program to end in good order', async () => {
    await ended(start('start'))
    const child = start('wait')
    const result = ended(child)
    await new Promise((resolve) => child.stdout!.once('data', resolve))
    child.kill('SIGTERM')
    expect(await result).toMatchObject({ code: 3, out: expect.stringContaining('ended in order') })
  })

  it('is the same for npx rapport', async () => {
    await ended(start('start'))
    await chmod(join(root, 'bin', 'rapport.mjs'), 0o755)
    const { out } = await ended(spawn(join(root, 'bin', 'rapport.mjs'), ['token', 'create']))
    expect(JSON.parse(out)).toMatchObject({ command: 'token', rest: ['create'] })
  })
})

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout!), text(child.stderr!), exit])
  return { code, out, err }
}
