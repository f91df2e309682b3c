import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { sampleCurl, scriptTag, webhookUrl } from './script-tag.ts'
import { createHmac } from 'node:crypto'

test('the tag names the loader and the chat', () => {
  expect(scriptTag('https://desk.example', 'k-1')).toBe(
    '<script async src="https://desk.example/widget/v1/loader.js" data-key="k-1"></script>',
  )
})

test('the sample for a shell signs as the channel checks', () => {
  const key = Buffer.from('thirty-two bytes, more or less…!')
  const script = sampleCurl('https://desk.example', 'k-1')
    .replace('whsec_…', `whsec_${key.toString('base64')}`)
    // Instead of calling, tell what would be sent.
    .replace(/curl [\s\S]*$/, `printf '%s\\n%s\\n%s\\n%s' "$ID" "$TIME" "$BODY" "$SIGN"`)
  const [id, time, body, sign] = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n')
  expect(sign).toBe(createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64'))
  expect(JSON.parse(body ?? '')).toMatchObject({ type: 'message', text: 'Hello' })
  expect(webhookUrl('https://desk.example', 'k-1')).toBe('https://desk.example/in/k-1')
})
