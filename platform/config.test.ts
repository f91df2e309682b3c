import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const key = 'ab'.repeat(32)
/** Refused with words, because later versions will know them. */
const notYet = new Set(['FILES_ORIGIN', 'S3_ENDPOINT', 'S3_BUCKET', 'NATS_URL'])

describe('the settings', () => {
  it('are all optional, and closed to the network by default', () => {
    const config = readConfig({})
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      trustProxy: false,
      databaseUrl: null,
      secretKey: null,
      smtpUrl: null,
      logLevel: 'info',
    })
    expect([...config.roles]).toEqual(['web', 'worker', 'listener'])
    expect(isAbsolute(config.dataDir) && config.dataDir.endsWith('/data')).toBe(true)
  })

  it('stand in the operator’s handbook, all of them and no others', () => {
    const asked = new Set<string>()
    // Every variable looks as if it were not set.
    readConfig(new Proxy({}, { get: (_, name) => void asked.add(String(name)) }))
    const table = /## Settings\n([\s\S]*?)\n## /.exec(readFileSync('docs/operations.md', 'utf8'))![1]!
    const told = [...table.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([A-Z_]+)`/g)].map((m) => m[1]!),
    )
    const known = [...asked].filter((name) => !notYet.has(name))
    expect(told.toSorted()).toEqual(known.toSorted())
  })

  it('open a door once it has a port, at the address of the rest unless it has its own', () => {
    expect(readConfig({}).doors).toEqual({ smtp: null })
    expect(readConfig({ SMTP_IN_PORT: '0', SMTP_IN_HOST: '0.0.0.0' }).doors).toEqual({ smtp: null })
    expect(readConfig({ SMTP_IN_PORT: '2525', HOST: '10.0.0.1' }).doors).toEqual({
      smtp: { port: 2525, host: '10.0.0.1', tls: null },
    })
    const tls = { SMTP_IN_TLS_KEY: '/etc/key.pem', SMTP_IN_TLS_CERT: '/etc/cert.pem' }
    expect(readConfig({ SMTP_IN_PORT: '25', SMTP_IN_HOST: '0.0.0.0', ...tls }).doors['smtp']).toEqual({
      port: 25,
      host: '0.0.0.0',
      tls: { keyFile: '/etc/key.pem', certFile: '/etc/cert.pem' },
    })
    expect(() => readConfig({ SMTP_IN_PORT: '25', SMTP_IN_TLS_KEY: '/etc/key.pem' })).toThrow(
      /SMTP_IN_TLS_CERT must be set too/,
    )
  })

  it('name a large model only with both its address and its name, and never without being asked', () => {
    expect(readConfig({}).largeModel).toBeNull()
    expect(readConfig({ AI_URL: 'http://localhost:11434/v1', AI_MODEL: 'small' }).largeModel).toEqual({
      url: 'http://localhost:11434/v1',
      model: 'small',
      key: null,
      timeoutMs: 20_000,
    })
    expect(() => readConfig({ AI_URL: 'http://localhost:11434/v1' })).toThrow(/AI_MODEL must be set too/)
    expect(() => readConfig({ AI_MODEL: 'small' })).toThrow(/AI_URL must be set too/)
    expect(() => readConfig({ AI_URL: 'http://x', AI_MODEL: 'm', AI_TIMEOUT_SECONDS: '0' })).toThrow(/1 to 120/)
  })

  it('let connections reach the private hosts that are named, and nothing else inside', () => {
    expect(readConfig({}).allowPrivate('10.0.0.1', 993, '10.0.0.1')).toBe(false)
    const { allowPrivate } = readConfig({ ALLOW_PRIVATE_HOSTS: '10.0.0.1:993' })
    expect([allowPrivate('10.0.0.1', 993, 'mail'), allowPrivate('10.0.0.1', 22, 'mail')]).toEqual([true, false])
    expect(() => readConfig({ ALLOW_PRIVATE_HOSTS: '0.0.0.0/0' })).toThrow(/ALLOW_PRIVATE_HOSTS/)
  })

  it('count as unset when they are empty', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', S3_BUCKET: '' })).toEqual(readConfig({}))
  })

  it('are read with their types', () => {
    expect(
      readConfig({
        PORT: '8080',
        HOST: '::1',
        PUBLIC_URL: 'https://desk.example.com/',
        DATABASE_URL: 'postgresql:///rapport?host=/run/postgresql',
        SECRET_KEY: `${key},${Buffer.alloc(32, 1).toString('base64')}`,
        ROLE: 'worker, web',
      }),
    ).toMatchObject({
      port: 8080,
      host: '::1',
      publicUrl: 'https://desk.example.com',
      roles: new Set(['web', 'worker']),
    })
  })

  it.each([
    ['0', false],
    ['false', false],
    ['2', 2],
    ['127.0.0.1, 10.0.0.0/8,fd00::/8', ['127.0.0.1', '10.0.0.0/8', 'fd00::/8']],
    ['loopback', ['loopback']],
  ])('TRUST_PROXY=%s is understood', (text, expected) => {
    expect(readConfig({ TRUST_PROXY: text }).trustProxy).toEqual(expected)
  })

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000x'],
    ['HOST', 'http://example.com'],
    ['PUBLIC_URL', 'desk.example.org'],
    ['PUBLIC_URL', 'https://example.com/desk'],
    ['PUBLIC_URL', 'https://user:hunter2@example.com'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/8,nonsense'],
    ['DATABASE_URL', 'mysql://root:hunter2@localhost/db'],
    ['SECRET_KEY', 'hunter2'],
    ['SECRET_KEY', `${key},short`],
    ['FILES_ORIGIN', 'https://files.example.com'],
    ['SMTP_URL', 'https://example.com'],
    ['NATS_URL', 'nats://localhost:4222'],
    ['S3_BUCKET', 'hunter2-files'],
    ['LOG_LEVEL', 'loud'],
    ['ROLE', 'web,painter'],
  ])('%s=%s is refused by name, without repeating the value', (variable, value) => {
    const error = errorOf({ [variable]: value })
    expect(error.problems.map((problem) => problem.variable)).toEqual([variable])
    expect(error.message).toMatch(new RegExp(`^${variable} must be `))
    expect(error.message).not.toContain(value)
    expect(error.message).not.toContain('hunter2')
  })

  it('are refused all at once', () => {
    const error = errorOf({ PORT: 'x', LOG_LEVEL: 'y', ROLE: 'z' })
    expect(new Set(error.problems.map((problem) => problem.variable))).toEqual(new Set(['PORT', 'LOG_LEVEL', 'ROLE']))
  })
})

function errorOf(env: NodeJS.ProcessEnv): ConfigError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
