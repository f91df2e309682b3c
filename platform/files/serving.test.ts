import { expect, test } from 'vitest'
import type { ServedFile } from './serving.ts'
import { contentDisposition, servingHeaders } from './serving.ts'

function aFile(change: Partial<ServedFile> = {}): ServedFile {
  return { sha256: 'a'.repeat(64), size: 5, type: 'image/png', name: 'photo.png', reencoded: true, ...change }
}

test('every file is sandboxed, unsniffable and kept by the reader alone', () => {
  for (const file of [aFile(), aFile({ reencoded: false }), aFile({ type: 'text/html' })]) {
    expect(servingHeaders(file)).toMatchObject({
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
      'content-length': '5',
      etag: `"${'a'.repeat(64)}"`,
    })
  }
})

test('only a picture that was written anew is shown in place', () => {
  const shown = (change: Partial<ServedFile>) => servingHeaders(aFile(change))['content-disposition']!.split(';')[0]
  expect(shown({})).toBe('inline')
  expect(shown({ type: 'image/gif' })).toBe('inline')
  expect(shown({ reencoded: false })).toBe('attachment')
  for (const type of ['image/svg+xml', 'text/html', 'application/pdf', 'text/plain', 'image/avif'])
    expect(shown({ type }), type).toBe('attachment')
})

test('a type that a browser could run or draw is never named', () => {
  const typeOf = (type: string, reencoded = false) => servingHeaders(aFile({ type, reencoded }))['content-type']
  for (const type of [
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/javascript',
    'application/xml',
    'image/png',
    'multipart/x-mixed-replace',
    'audio/x; charset=\r\nx: y',
  ]) {
    expect(typeOf(type), type).toBe('application/octet-stream')
  }
  expect(typeOf('image/png', true)).toBe('image/png')
  expect(typeOf('text/html', true)).toBe('application/octet-stream')
  expect(typeOf('text/plain')).toBe('text/plain; charset=utf-8')
  expect(typeOf('audio/mpeg')).toBe('audio/mpeg')
})

test('a name travels in UTF-8, with a plain one beside it, and can not break the header', () => {
  expect(contentDisposition('attachment', 'Übersicht "1".pdf')).toBe(
    `attachment; filename="_bersicht _1_.pdf"; filename*=UTF-8''%C3%9Cbersicht%20%221%22.pdf`,
  )
  expect(contentDisposition('inline', "it's (1)*.png")).toBe(
    `inline; filename="it's (1)*.png"; filename*=UTF-8''it%27s%20%281%29%2A.png`,
  )
  const hostile = contentDisposition('attachment', 'a\r\nset-cookie: x=1\\"; b\uD800.txt')
  expect(hostile).toMatch(/^[ -~]+$/)
  expect(hostile).not.toMatch(/[\r\n\\]/)
  expect(hostile.match(/"/g)).toHaveLength(2)
})
