import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'

const secret = 'S3cr3t-value'

describe('the log', () => {
  it.each<[string, object]>([
    ['a header', { req: { headers: { authorization: `Bearer ${secret}`, Cookie: `session=${secret}` } } }],
    ['a list of cookies', { res: { headers: { 'set-cookie': [`session=${secret}; HttpOnly`] } } }],
    ['a password', { password: secret, newPassword: secret, db: { passwd: secret } }],
    ['a token deep down', { a: { b: [{ c: { accessToken: secret, refresh_token: secret } }] } }],
    ['a secret that is an object', { clientSecret: { value: secret } }],
    ['keys', { apiKey: secret, 'x-api-key': secret, private_key: secret, accessKeyId: secret, credentials: [secret] }],
    ['a one-time code', { totp: secret, totpCode: secret }],
    ['an address with a password', { url: `postgres://rapport:${secret}@localhost/rapport` }],
    ['a link with a token', { url: `/invitations?workspace=a&token=${secret}&x=1` }],
    ['a link back from a sign-in', { url: `/callback?code=${secret}&state=${secret}` }],
    [
      'a class of ours',
      {
        connection: new (class Connection {
          token = secret
        })(),
      },
    ],
    [
      'an error',
      { err: Object.assign(new Error(`connect to smtp://me:${secret}@mail failed`), { config: { token: secret } }) },
    ],
  ])('hides %s', (_, fields) => {
    const { log, lines } = memoryLog()
    log.info(fields, 'something happened')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('[redacted]')
    expect(lines[0]).not.toContain(secret)
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', msg: 'something happened' })
  })

  it('hides secrets in the sentence itself, in its parameters and in what a child logger carries', () => {
    const { log, lines } = memoryLog()
    log.warn(`refused Bearer ${secret}`)
    log.warn('can not reach %s', `https://me:${secret}@example.com`)
    log.child({ session: { token: secret } }).warn('gone')
    log.error(new Error(`authorization: Basic ${secret}`))
    expect(lines).toHaveLength(4)
    for (const line of lines) {
      expect(line).toContain('[redacted]')
      expect(line).not.toContain(secret)
    }
  })

  it('leaves the rest as it is', () => {
    const { log, lines } = memoryLog()
    log.info({ hasToken: true, nothing: null, url: 'https://example.com/a?page=2', words: ['a', 1] }, 'a basic thing')
    expect(JSON.parse(lines[0]!)).toMatchObject({
      hasToken: true,
      nothing: null,
      url: 'https://example.com/a?page=2',
      words: ['a', 1],
    })
  })

  it('keeps quiet below its level', () => {
    const { log, lines } = memoryLog('warn')
    log.info('not this')
    expect(lines).toEqual([])
  })
})

function memoryLog(logLevel: 'info' | 'warn' = 'info') {
  const lines: string[] = []
  return { lines, log: createLog({ logLevel }, { write: (line) => void lines.push(line) }) }
}
