import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isIP } from 'node:net'
import { parsePrivateHosts, type AllowPrivate } from './http/private-hosts.ts'

/** What an installation can set, all of it from the environment. Every setting is optional on one machine. */
export interface Config {
  /** `PORT` (3000); 0 takes a free one. */
  readonly port: number
  /** `HOST` (127.0.0.1): the address to listen on. Only this machine, unless said otherwise: a proxy with TLS stands before it. */
  readonly host: string
  /** `PUBLIC_URL` (http://localhost:PORT): how people's browsers reach Rapport; no slash at the end. */
  readonly publicUrl: string
  /** `TRUST_PROXY` (nobody): whose X-Forwarded-For is believed: a number of proxies, or their addresses and networks. */
  readonly trustProxy: false | number | readonly string[]
  /** `DATABASE_URL`: the owner's address of a PostgreSQL ≥ 16; null stands for the embedded one in `dataDir`. */
  readonly databaseUrl: string | null
  /** `DATA_DIR` (`data` beside the program): an absolute path. */
  readonly dataDir: string
  /** `SECRET_KEY`: `new,old`, each at least 32 bytes in base64 or hex; null stands for the key file in `dataDir`. */
  readonly secretKey: string | null
  /** `SMTP_URL`: who sends Rapport's own mail; null stands for nobody, and links are shown to copy. */
  readonly smtpUrl: string | null
  /** `LOG_LEVEL` (info). */
  readonly logLevel: LogLevel
  /** `ROLE` (all of them): what this process does, `web,worker,listener`. */
  readonly roles: ReadonlySet<Role>
  /** What channels listen at themselves, by the name of the door; null: not opened. `SMTP_IN_PORT`, `_HOST`, `_TLS_KEY`, `_TLS_CERT`. */
  readonly doors: Readonly<Record<string, Door | null>>
  /** `AI_URL`, `AI_MODEL`, `AI_KEY` (none), `AI_TIMEOUT_SECONDS` (20): a large model that speaks OpenAI's chat completions. */
  readonly largeModel: {
    readonly url: string
    readonly model: string
    readonly key: string | null
    readonly timeoutMs: number
  } | null
  /** `ALLOW_PRIVATE_HOSTS` (none): private places that connections may reach. */
  readonly allowPrivate: AllowPrivate
}

export interface Door {
  readonly port: number
  readonly host: string
  /** PEM files; null: a certificate of its own making. */
  readonly tls: { readonly keyFile: string; readonly certFile: string } | null
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

const allRoles = ['web', 'worker', 'listener'] as const
export type Role = (typeof allRoles)[number]

/** Settings that later versions will know. Who sets one shall hear that it does nothing, not find out. */
const NOT_YET = ['FILES_ORIGIN', 'S3_ENDPOINT', 'S3_BUCKET', 'NATS_URL']

export interface ConfigProblem {
  readonly variable: string
  /** What the variable must be, as the end of a sentence. */
  readonly expected: string
}

/** Settings that can't be used, all of them at once. It names variables and never repeats what they were set to. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ variable, expected }) => `${variable} must be ${expected}.`).join('\n'))
    this.problems = problems
  }
}

/** Reads every setting; a variable that is set to nothing counts as unset. Throws ConfigError. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: ConfigProblem[] = []

  /** The value as `parse` understands it; undefined from `parse` is a problem. */
  function read<T, Default>(
    variable: string,
    fallback: Default,
    expected: string,
    parse: (text: string) => T | undefined,
  ) {
    const text = env[variable]?.trim() ?? ''
    if (text === '') return fallback
    const value = parse(text)
    if (value !== undefined) return value
    problems.push({ variable, expected })
    return fallback
  }

  const port = read('PORT', 3000, 'a number from 0 to 65535', parsePort)
  for (const variable of NOT_YET.filter((name) => (env[name]?.trim() ?? '') !== '')) {
    problems.push({ variable, expected: 'unset: this version of Rapport can’t use it' })
  }
  const host = read('HOST', '127.0.0.1', hostHint, parseHost)

  /** A door stands open once it has a port. */
  function readDoor(prefix: string): Door | null {
    const doorPort = read(`${prefix}_PORT`, 0, 'a number from 0 to 65535; 0 keeps it closed', parsePort)
    const doorHost = read(`${prefix}_HOST`, host, hostHint, parseHost)
    const [keyFile, certFile] = ['KEY', 'CERT'].map((part) =>
      read(`${prefix}_TLS_${part}`, null, 'a file', (text) => resolve(text)),
    )
    if ((keyFile === null) !== (certFile === null))
      problems.push({
        variable: `${prefix}_TLS_${keyFile === null ? 'KEY' : 'CERT'}`,
        expected: `set too: a certificate and its key belong together`,
      })
    if (doorPort === 0) return null
    return { port: doorPort, host: doorHost, tls: keyFile && certFile ? { keyFile, certFile } : null }
  }

  /** Both or neither: an address without the model's name asks for nothing. */
  function readLargeModel(): Config['largeModel'] {
    const url = read('AI_URL', null, 'an address such as https://api.example.com/v1', isUrl('http:', 'https:'))
    const model = read('AI_MODEL', null, 'the name of a model', (text) => (text.length <= 200 ? text : undefined))
    const key = read('AI_KEY', null, 'one line', (text) => (/^[\x21-\x7e]{1,500}$/.test(text) ? text : undefined))
    const seconds = read('AI_TIMEOUT_SECONDS', 20, 'a number from 1 to 120', (text) =>
      /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 120 ? Number(text) : undefined,
    )
    if ((url === null) !== (model === null))
      problems.push({ variable: url === null ? 'AI_URL' : 'AI_MODEL', expected: 'set too: both belong together' })
    return url === null || model === null ? null : { url, model, key, timeoutMs: seconds * 1000 }
  }

  const config: Config = {
    port,
    host,
    publicUrl: read('PUBLIC_URL', `http://localhost:${port}`, originHint, parseOrigin),
    trustProxy: read<number | false | string[], false>('TRUST_PROXY', false, proxyHint, parseProxies),
    databaseUrl: read(
      'DATABASE_URL',
      null,
      'an address such as postgres://user:password@host/database',
      isUrl('postgres:', 'postgresql:'),
    ),
    dataDir: read('DATA_DIR', fileURLToPath(new URL('../data', import.meta.url)), 'a folder', (text) => resolve(text)),
    secretKey: read(
      'SECRET_KEY',
      null,
      'one or more keys, separated by commas, each at least 32 bytes in base64 or hex',
      parseKeys,
    ),
    smtpUrl: read('SMTP_URL', null, 'an address such as smtp://user:password@host:587', isUrl('smtp:', 'smtps:')),
    logLevel: read('LOG_LEVEL', 'info', `one of ${logLevels.join(', ')}`, (text) =>
      logLevels.find((level) => level === text),
    ),
    roles: read('ROLE', new Set(allRoles), `some of ${allRoles.join(', ')}, separated by commas`, parseRoles),
    doors: { smtp: readDoor('SMTP_IN') },
    largeModel: readLargeModel(),
    allowPrivate: read('ALLOW_PRIVATE_HOSTS', noPrivateHosts, placesHint, parsePrivateHosts),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

const noPrivateHosts: AllowPrivate = () => false
const hostHint = 'an IP address such as 127.0.0.1 or 0.0.0.0, or a host name'
const placesHint =
  'hosts separated by commas, each an address, a network or a name, with or without a port, such as mail.house.example:993,10.1.0.0/16'
const originHint = 'an origin such as https://desk.example.com, without a path'
const proxyHint =
  'a number of proxies, or addresses and networks separated by commas such as 127.0.0.1,10.0.0.0/8 (loopback, linklocal and uniquelocal are known by name)'

function parsePort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined
}

function parseHost(text: string): string | undefined {
  return isIP(text) > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) ? text : undefined
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

function parseOrigin(text: string): string | undefined {
  const url = parseUrl(text)
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    return undefined
  return url.pathname === '/' && url.search === '' && url.hash === '' ? url.origin : undefined
}

function isUrl(...protocols: string[]): (text: string) => string | undefined {
  return (text) => (protocols.includes(parseUrl(text)?.protocol ?? '') ? text : undefined)
}

/** Believing everybody (`true`) is no answer: anyone could then claim any address. */
function parseProxies(text: string): false | number | string[] | undefined {
  if (text === 'false') return false
  if (/^\d{1,2}$/.test(text)) return text === '0' || text === '00' ? false : Number(text)
  const list = text.split(',').map((part) => part.trim())
  return list.every(isNetwork) ? list : undefined
}

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function parseKeys(text: string): string | undefined {
  const isKey = (key: string) =>
    /^([0-9a-f]{2}){32,}$/i.test(key) || (/^[\w+/-]+={0,2}$/.test(key) && Buffer.from(key, 'base64').length >= 32)
  return text.split(',').every((key) => isKey(key.trim())) ? text : undefined
}

function parseRoles(text: string): Set<Role> | undefined {
  const names = text.split(',').map((part) => part.trim())
  const roles = allRoles.filter((role) => names.includes(role))
  return roles.length === new Set(names).size ? new Set(roles) : undefined
}
