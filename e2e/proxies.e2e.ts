// The documented configurations of nginx and Caddy before the real program: only addresses, ports and certificate are replaced.
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request as secureRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { cloneDatabase } from '#platform/testing/database'
import { freePort } from '#platform/testing/free-port'
import { startProgram, type Program } from '../bin/program/program.ts'

const deploy = join(import.meta.dirname, '../docs/deploy')
const NAME = 'desk.example.com'
/** From where the tests call, so that a caller can be told from the proxy. */
const CALLER = '127.0.0.9'

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}
interface Call {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

/** One request to a proxy, by its name, from the caller's own address. `onChunk` gets what comes as it comes; true ends it. */
function callThrough(port: number, path: string, call: Call = {}, onChunk?: (text: string) => boolean): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = secureRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        localAddress: CALLER,
        servername: NAME,
        rejectUnauthorized: false,
        method: call.method ?? 'GET',
        headers: { host: NAME, ...call.headers },
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        const done = (): void => resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
        response.on('data', (chunk: string) => {
          body += chunk
          if (onChunk?.(body)) {
            request.destroy()
            done()
          }
        })
        response.on('end', done)
      },
    )
    request.on('error', (error) => (request.destroyed ? undefined : reject(error)))
    request.end(call.body)
  })
}

interface Behind {
  readonly program: Program
  readonly port: number
  readonly stop: () => Promise<void>
}

async function startBehind(folder: string, trustProxy: string): Promise<Behind> {
  const database = await cloneDatabase(inject('ownerUrl'))
  const port = await freePort()
  const config = readConfig({
    PORT: String(port),
    DATA_DIR: join(folder, `data-${port}`),
    DATABASE_URL: database.ownerUrl,
    PUBLIC_URL: `https://${NAME}`,
    TRUST_PROXY: trustProxy,
    LOG_LEVEL: 'silent',
  })
  await mkdir(config.dataDir, { recursive: true })
  const program = await startProgram({ config, log: createLog(config), version: 'test' })
  return {
    program,
    port,
    stop: async () => {
      await program[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

async function makeCertificate(folder: string): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const wishes = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  await promisify(execFile)('openssl', [
    ...wishes,
    '-subj',
    `/CN=${NAME}`,
    '-addext',
    `subjectAltName=DNS:${NAME}`,
    '-keyout',
    key,
    '-out',
    cert,
  ])
  return { cert, key }
}

interface Proxy {
  readonly name: string
  readonly binary: string | null
  start(
    folder: string,
    upstream: number,
    tls: { cert: string; key: string },
  ): Promise<{ port: number; child: ChildProcess }>
}

const which = (name: string): string | null =>
  ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/usr/local/sbin'].map((place) => join(place, name)).find(existsSync) ??
  null

/** Replaces what must be there exactly once or more: a documented file that lost it fails here, not silently. */
function replaced(text: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((now, [from, to]) => {
    const next = now.replaceAll(from, to)
    if (next === now) throw new Error(`the documented file has no ${String(from)}`)
    return next
  }, text)
}

async function becomesReady(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) throw new Error(`the proxy ended: ${said()}`)
    const up = await callThrough(port, '/healthz').then(
      (reply) => reply.status === 200,
      () => false,
    )
    if (up) return
    await sleep(100)
  }
  throw new Error(`the proxy did not come up: ${said()}`)
}

function launch(binary: string, args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(binary, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (words += chunk.toString()))
  return { child, said: () => words.slice(-2000) }
}

const nginx: Proxy = {
  name: 'nginx',
  binary: which('nginx'),
  async start(folder, upstream, { cert, key }) {
    const [port, plain] = [await freePort(), await freePort()]
    const site = replaced(await readFile(join(deploy, 'nginx.conf'), 'utf8'), [
      ['127.0.0.1:3000', `127.0.0.1:${upstream}`],
      ['listen 80;', `listen 127.0.0.1:${plain};`],
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      [`/etc/letsencrypt/live/${NAME}/fullchain.pem`, cert],
      [`/etc/letsencrypt/live/${NAME}/privkey.pem`, key],
    ])
    await writeFile(join(folder, 'site.conf'), site)
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${folder}/tmp-${kind};`,
    )
    const main = `pid ${folder}/nginx.pid; error_log stderr warn; daemon off; worker_processes 1; ${process.getuid?.() === 0 ? 'user root;' : ''}
      events { worker_connections 256; } http { access_log off; ${temporary.join(' ')} include ${folder}/site.conf; }`
    await writeFile(join(folder, 'nginx.conf'), main)
    const { child, said } = launch(this.binary!, ['-p', folder, '-c', join(folder, 'nginx.conf')], {})
    await becomesReady(port, child, said)
    return { port, child }
  },
}

const caddy: Proxy = {
  name: 'Caddy',
  binary: which('caddy'),
  async start(folder, upstream, { cert, key }) {
    const port = await freePort()
    const site = replaced(await readFile(join(deploy, 'Caddyfile'), 'utf8'), [
      ['127.0.0.1:3000', `127.0.0.1:${upstream}`],
      [`\n${NAME} {`, `\nhttps://${NAME}:${port} {\n\tbind 127.0.0.1\n\ttls ${cert} ${key}`],
    ])
    await writeFile(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`)
    const { child, said } = launch(
      this.binary!,
      ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'],
      {
        HOME: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
      },
    )
    await becomesReady(port, child, said)
    return { port, child }
  },
}

let folder: string
let trusting: Behind
let doubting: Behind
let tls: { cert: string; key: string }
const account = { email: 'ida@example.com', password: randomBytes(12).toString('hex') }
const missing = which('openssl') === null ? 'no openssl on this machine: apt-get install -y openssl' : null

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-proxies-'))
  await chmod(folder, 0o755)
  if (missing) return
  tls = await makeCertificate(folder)
  trusting = await startBehind(folder, 'loopback')
  doubting = await startBehind(folder, 'false')
  for (const { program, port } of [trusting, doubting]) await claim(port, program.setupLink!.split('#')[1]!)
}, 120_000)

afterAll(async () => {
  await trusting?.stop()
  await doubting?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function claim(port: number, token: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...account, token, name: 'Ida', workspaceName: 'Proxies', timeZone: 'UTC', locale: 'en' }),
  })
  if (!response.ok) throw new Error(await response.text())
}

describe.each([nginx, caddy])('behind $name, as documented', (proxy) => {
  const reason =
    missing ??
    (proxy.binary === null ? `no ${proxy.name} on this machine: apt-get install -y ${proxy.name.toLowerCase()}` : null)
  const children: ChildProcess[] = []
  let port = 0
  let doubtingPort = 0
  let cookie = ''

  const start = async (upstream: number): Promise<number> => {
    const home = await mkdtemp(join(folder, `${proxy.name}-`))
    const started = await proxy.start(home, upstream, tls)
    children.push(started.child)
    return started.port
  }
  const signIn = async (at: number, headers: Record<string, string> = {}): Promise<string> => {
    const reply = await callThrough(at, '/api/auth/sign-in', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: `https://${NAME}`,
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      body: JSON.stringify(account),
    })
    expect(reply.status, reply.body).toBe(200)
    return (reply.headers['set-cookie'] as string[]).map((one) => one.split(';', 1)[0]).join('; ')
  }
  const addressSeen = async (at: number, as: string): Promise<string> => {
    const { items } = JSON.parse((await callThrough(at, '/api/auth/logins', { headers: { cookie: as } })).body) as {
      items: { isThis: boolean; address: string }[]
    }
    return items.find(({ isThis }) => isThis)!.address
  }

  beforeAll(async () => {
    if (reason !== null) return
    port = await start(trusting.port)
    doubtingPort = await start(doubting.port)
    cookie = await signIn(port)
  }, 60_000)
  afterAll(() => {
    for (const child of children) child.kill('SIGTERM')
  })

  test('an event reaches a browser in less than a second, and the stream stays open', async ({ skip }) => {
    if (reason !== null) skip(reason)
    let sentAt = Infinity
    let cameAfter = Infinity
    let asked = false
    await callThrough(port, '/api/stream', { headers: { cookie } }, (text) => {
      if (!asked && text.includes('event: hello')) {
        asked = true
        sentAt = performance.now()
        void callThrough(port, '/api/labels', {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json', origin: `https://${NAME}` },
          body: JSON.stringify({ name: `By ${proxy.name}`, tone: 'pine' }),
        })
      }
      if (!text.includes('inbox.labels_changed')) return false
      cameAfter = performance.now() - sentAt
      return true
    })
    expect(cameAfter).toBeLessThan(1000)
  })

  test('the caller’s own address counts, and what the caller claims does not', async ({ skip }) => {
    if (reason !== null) skip(reason)
    expect(await addressSeen(port, cookie)).toBe(CALLER)
    const liar = await signIn(port, { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' })
    expect(await addressSeen(port, liar)).toBe(CALLER)
  })

  test('without TRUST_PROXY nobody’s word counts: the address is the proxy’s', async ({ skip }) => {
    if (reason !== null) skip(reason)
    expect(await addressSeen(doubtingPort, await signIn(doubtingPort, { 'x-forwarded-for': '203.0.113.7' }))).toBe(
      '127.0.0.1',
    )
  })

  test('a file of 25 MB passes, and a larger one is refused', async ({ skip }) => {
    if (reason !== null) skip(reason)
    const upload = async (bytes: number): Promise<number> => {
      const mark = randomBytes(12).toString('hex')
      const body = Buffer.concat([
        Buffer.from(
          `--${mark}\r\ncontent-disposition: form-data; name="file"; filename="big.bin"\r\ncontent-type: application/octet-stream\r\n\r\n`,
        ),
        Buffer.alloc(bytes, 7),
        Buffer.from(`\r\n--${mark}--\r\n`),
      ])
      const headers = {
        cookie,
        origin: `https://${NAME}`,
        'content-type': `multipart/form-data; boundary=${mark}`,
        'content-length': String(body.length),
      }
      return (await callThrough(port, '/api/attachments', { method: 'POST', headers, body })).status
    }
    expect(await upload(25 * 1024 * 1024 - 1)).toBe(200)
    // Either the proxy or the program says so (Caddy by 502, since it had begun to pass it on); hanging up is an answer too.
    expect([413, 502]).toContain(await upload(30 * 1024 * 1024).catch(() => 413))
  })

  test('a post from another site is refused, one from our own pages is not', async ({ skip }) => {
    if (reason !== null) skip(reason)
    const postFrom = async (headers: Record<string, string>): Promise<number> =>
      (
        await callThrough(port, '/api/labels', {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ name: randomBytes(6).toString('hex'), tone: 'pine' }),
        })
      ).status
    expect(await postFrom({ origin: 'https://evil.example' })).toBe(403)
    expect(await postFrom({ origin: `https://${NAME}`, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await postFrom({ origin: `https://${NAME}`, 'sec-fetch-site': 'same-origin' })).toBe(200)
  })
})

test('the systemd unit is one that systemd understands', async ({ skip }) => {
  if (which('systemd-analyze') === null) skip('no systemd-analyze on this machine')
  const unit = replaced(await readFile(join(deploy, 'rapport.service'), 'utf8'), [
    ['/usr/bin/node', process.execPath],
    ['/opt/rapport', tmpdir()],
  ])
  const path = join(folder, 'rapport.service')
  await writeFile(path, unit)
  const words = execFileSync('systemd-analyze', ['verify', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  expect(words).toBe('')
})
