import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { TEST_NOW } from '../conformance.ts'
import { keysOf, makeSecret, signatureHeaders, verify } from './verify.ts'

describe('the signature', () => {
  // The worked example that libraries of the scheme are tested with, so that both ends can't be wrong in the same way.
  test('is what the specification says, to the byte', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const at = new Date(1614265330_000)
    const body = '{"test": 2432232314}'
    const headers = signatureHeaders(keysOf(secret), 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, body)
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
    const delivery = { headers, body: Buffer.from(body), receivedAt: at }
    expect(verify(delivery, { signingSecret: secret })).toMatchObject({ ok: true })
  })

  const body = Buffer.from('{}')
  const signedBy = (secrets: string) => ({
    headers: signatureHeaders(keysOf(secrets), 'evt_1', TEST_NOW, body),
    body,
    receivedAt: TEST_NOW,
  })
  const [old, fresh] = [makeSecret(), makeSecret()]

  test('holds while a key is changed, whichever side changes first', () => {
    expect(signedBy(`${old} ${fresh}`).headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/)
    for (const [theirs, ours] of [
      [`${old} ${fresh}`, old],
      [`${old} ${fresh}`, fresh],
      [old, `${old} ${fresh}`],
      [fresh, `${old} ${fresh}`],
    ] as const) {
      expect(verify(signedBy(theirs), { signingSecret: ours })).toMatchObject({ ok: true })
    }
    expect(verify(signedBy(old), { signingSecret: fresh })).toEqual({ ok: false, reason: 'bad_signature' })
  })

  test('of another kind beside ours is passed over', () => {
    const delivery = signedBy(old)
    const signature = `v1a,${'A'.repeat(86)}== ${delivery.headers['webhook-signature']}`
    const headers = { ...delivery.headers, 'webhook-signature': signature }
    expect(verify({ ...delivery, headers }, { signingSecret: old })).toMatchObject({ ok: true })
  })

  test.each([
    ['without an id', { 'webhook-id': '' }],
    ['with a full stop in its id', { 'webhook-id': 'evt_1.2' }],
    ['with a timestamp that is no number', { 'webhook-timestamp': 'now' }],
    ['with a negative timestamp', { 'webhook-timestamp': '-1' }],
    ['without a signature', { 'webhook-signature': ' ' }],
    ['with eleven signatures', { 'webhook-signature': Array.from({ length: 11 }, () => 'v1,AA==').join(' ') }],
  ])('%s is malformed', (_what, change) => {
    const delivery = signedBy(old)
    const headers = { ...delivery.headers, ...change }
    expect(verify({ ...delivery, headers }, { signingSecret: old })).toEqual({ ok: false, reason: 'malformed' })
  })

  test('cut at another full stop does not fit', () => {
    const at = '1788264000'
    const key = keysOf(old)[0]!
    const whole = createHmac('sha256', key).update(`a.${at}.5.{}`).digest('base64')
    // The same signed text, claimed as id `a.<time>`, time 5.
    const headers = { 'webhook-id': `a.${at}`, 'webhook-timestamp': '5', 'webhook-signature': `v1,${whole}` }
    expect(verify({ headers, body, receivedAt: new Date(5000) }, { signingSecret: old }).ok).toBe(false)
  })

  test.each(['', 'secret', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(200)}`, `${old} nonsense`])(
    'has no key in "%s"',
    (secret) => expect(keysOf(secret)).toEqual([]),
  )
})
