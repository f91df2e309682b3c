import { crc32, deflateRawSync, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { reencodeImage } from './images.ts'
import { inspect } from './inspect.ts'

const script = '<script>alert(document.domain)</script>'

function picture(width = 40, height = 20) {
  return sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 30 } } })
}

function pngChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A few bytes that claim to be very many pixels. */
function hugePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(1000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A zip archive with one deflated entry. */
function zip(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content, { level: 9 })
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(crc32(content), 14)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(content.length, 22)
  local.writeUInt16LE(name.length, 26)
  return Buffer.concat([local, Buffer.from(name), packed])
}

async function animation(frames: number, size: number, type: 'gif' | 'webp'): Promise<Buffer> {
  const pictures = await Promise.all(
    Array.from({ length: frames }, (_, index) =>
      sharp({ create: { width: size, height: size, channels: 3, background: { r: index * 40, g: 10, b: 90 } } })
        .png()
        .toBuffer(),
    ),
  )
  return sharp(pictures, { join: { animated: true } })
    .toFormat(type)
    .toBuffer()
}

test('a picture is written anew in its own format, with its size', async () => {
  for (const [type, format] of [
    ['image/png', 'png'],
    ['image/jpeg', 'jpeg'],
    ['image/webp', 'webp'],
    ['image/gif', 'gif'],
  ] as const) {
    const original = await picture().toFormat(format).toBuffer()
    const file = await inspect(original, `photo.${format}`, type)
    expect(file).toMatchObject({
      type,
      kind: 'image',
      width: 40,
      height: 20,
      name: `photo.${format}`,
      problem: null,
      claimWasWrong: false,
    })
    expect((await sharp(file.reencoded!).metadata()).format).toBe(format)
  }
})

test('an AVIF becomes a WebP, since not every program opens it', async () => {
  const file = await inspect(await picture().avif().toBuffer(), 'photo.avif', 'image/avif')
  expect(file).toMatchObject({ type: 'image/webp', kind: 'image', name: 'photo.webp', width: 40, height: 20 })
})

test('where and with what a photo was taken is removed, and it stands upright', async () => {
  const original = await picture()
    .withExif({ IFD0: { Copyright: 'Secret Person' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  expect(original.includes('Secret Person')).toBe(true)
  const file = await inspect(original, 'a.jpg', 'image/jpeg')
  expect(file).toMatchObject({ width: 20, height: 40 })
  expect(file.reencoded!.includes('Secret Person')).toBe(false)
  const { exif, xmp, icc, orientation } = await sharp(file.reencoded!).metadata()
  expect({ exif, xmp, icc, orientation }).toEqual({
    exif: undefined,
    xmp: undefined,
    icc: undefined,
    orientation: undefined,
  })
})

test('a picture with a page or an archive behind it loses what is behind it', async () => {
  for (const format of ['gif', 'png', 'jpeg'] as const) {
    const polyglot = Buffer.concat([
      await picture().toFormat(format).toBuffer(),
      Buffer.from(script),
      zip('evil.html', Buffer.from(script)),
    ])
    const file = await inspect(polyglot, `a.${format}`, `image/${format}`)
    expect(file.kind, format).toBe('image')
    expect(file.reencoded!.includes('<script>'), format).toBe(false)
    expect(file.reencoded!.includes('PK\x03\x04'), format).toBe(false)
  }
})

test('a script that begins like a GIF is no picture', async () => {
  const file = await inspect(Buffer.from(`GIF89a/*${script}*/=1;alert(1)`), 'a.gif', 'image/gif')
  expect(file).toMatchObject({ kind: 'other', problem: 'undecodable' })
  expect(file.reencoded).toBeUndefined()
})

test('a page named .png is text, says so in its name, and the claim is noted', async () => {
  const file = await inspect(Buffer.from(`<!doctype html><html>${script}</html>`), 'holiday.png', 'image/png')
  expect(file).toMatchObject({ type: 'text/plain', kind: 'text', name: 'holiday.png.txt', claimWasWrong: true })
})

test('SVG is never a picture, with or without an XML head', async () => {
  for (const head of ['', '<?xml version="1.0"?>', '\uFEFF<!-- x -->']) {
    const file = await inspect(
      Buffer.from(`${head}<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${script}</svg>`),
      'logo.svg',
      'image/svg+xml',
    )
    expect(file, head).toMatchObject({ type: 'text/plain', kind: 'text', name: 'logo.svg' })
    expect(file.reencoded).toBeUndefined()
  }
})

test('the decoder refuses what we did not name, even when asked directly', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  expect(await reencodeImage(svg, 'image/png')).toEqual({ ok: false, reason: 'undecodable' })
  const tiff = await picture().tiff().toBuffer()
  expect(await reencodeImage(tiff, 'image/png')).toEqual({ ok: false, reason: 'undecodable' })
})

test('few bytes that would be very many pixels are refused before they are decoded', async () => {
  const bytes = hugePng(60_000, 60_000)
  const start = performance.now()
  const file = await inspect(bytes, 'bomb.png', 'image/png')
  expect(file).toMatchObject({ type: 'image/png', kind: 'other', problem: 'too_many_pixels', width: null })
  expect(file.reencoded).toBeUndefined()
  expect(performance.now() - start).toBeLessThan(2000)
  expect(bytes.length).toBeLessThan(200)
})

test('an animation stays one within the limit, and becomes its first frame beyond', async () => {
  for (const type of ['gif', 'webp'] as const) {
    const moving = await animation(5, 50, type)
    const kept = await inspect(moving, `a.${type}`, '')
    expect((await sharp(kept.reencoded!).metadata()).pages).toBe(5)
    expect(kept).toMatchObject({ kind: 'image', width: 50, height: 50 })
    const still = await inspect(moving, `a.${type}`, '', { maxPixels: 50 * 50 * 4 })
    expect((await sharp(still.reencoded!).metadata()).pages ?? 1).toBe(1)
    expect(still).toMatchObject({ kind: 'image', width: 50, height: 50 })
    expect(await inspect(moving, `a.${type}`, '', { maxPixels: 2000 })).toMatchObject({
      kind: 'other',
      problem: 'too_many_pixels',
    })
  }
})

test('a cut-off picture is not shown, and does not stop the next one', async () => {
  const whole = await sharp(Buffer.from(Array.from({ length: 30_000 }, (_, index) => (index * 7919) % 251)), {
    raw: { width: 100, height: 100, channels: 3 },
  })
    .png()
    .toBuffer()
  const [cut, good] = await Promise.all([
    inspect(whole.subarray(0, whole.length / 2), 'a.png', ''),
    inspect(whole, 'b.png', ''),
  ])
  expect(cut).toMatchObject({ kind: 'other', problem: 'undecodable' })
  expect(good).toMatchObject({ kind: 'image', problem: null })
})

test('a PDF with a script inside is a PDF, and nothing of it is shown', async () => {
  const pdf = Buffer.from(`%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n${script}\n%%EOF`)
  const file = await inspect(pdf, 'bill.pdf', 'application/pdf')
  expect(file).toMatchObject({ type: 'application/pdf', kind: 'pdf', name: 'bill.pdf', claimWasWrong: false })
  expect(file.reencoded).toBeUndefined()
})

test('an archive is recognised and never unpacked, whatever it would become', async () => {
  const content = Buffer.alloc(300 * 1024 * 1024)
  const bombs = [zip('0.bin', content), zip('[Content_Types].xml', content), zip('mimetype', content)]
  const before = process.memoryUsage()
  for (const bomb of bombs) {
    expect(bomb.length).toBeLessThan(400_000)
    const file = await inspect(bomb, 'data.zip', 'application/zip')
    expect(file).toMatchObject({ type: 'application/zip', kind: 'other', name: 'data.zip' })
    expect(file.reencoded).toBeUndefined()
  }
  const after = process.memoryUsage()
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(60_000_000)
})

test('a program that calls itself a picture shows what it is', async () => {
  const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])
  const file = await inspect(program, 'photo\u202Egpj.exe', 'image/jpeg')
  expect(file).toMatchObject({ kind: 'other', name: 'photogpj.exe', claimWasWrong: true })
  expect(await inspect(program, 'photo.jpg', 'image/jpeg')).toMatchObject({ name: 'photo.jpg.exe' })
})

test('text keeps its own extension, and bytes that are nothing are bytes', async () => {
  expect(await inspect(Buffer.from('a,b\n1,2\n'), 'list.csv', 'text/csv')).toMatchObject({
    type: 'text/plain',
    kind: 'text',
    name: 'list.csv',
    claimWasWrong: false,
  })
  expect(await inspect(Buffer.alloc(0), 'empty', '')).toMatchObject({ type: 'text/plain', kind: 'text', name: 'empty' })
  expect(await inspect(Buffer.from([1, 2, 3, 255, 254]), 'x', 'text/html')).toMatchObject({
    type: 'application/octet-stream',
    kind: 'other',
    name: 'x',
    claimWasWrong: true,
  })
  expect(await inspect(Buffer.from('ab\0cd'), 'x.txt', 'text/plain')).toMatchObject({
    type: 'application/octet-stream',
  })
})

test('sound and film are told apart from their bytes', async () => {
  const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt '), Buffer.alloc(40)])
  expect(await inspect(wav, 'note.wav', 'audio/x-wav')).toMatchObject({
    kind: 'audio',
    name: 'note.wav',
    claimWasWrong: false,
  })
  const mp4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\0\0isommp42'), Buffer.alloc(40)])
  expect(await inspect(mp4, 'clip', 'text/html')).toMatchObject({
    type: 'video/mp4',
    kind: 'video',
    name: 'clip.mp4',
    claimWasWrong: true,
  })
})

test('random bytes never make it throw', async () => {
  const heads = [
    '',
    'GIF89a',
    '\x89PNG\r\n\x1a\n',
    '\xff\xd8\xff',
    'RIFF....WEBP',
    '%PDF-',
    'PK\x03\x04',
    'ID3',
    '\x1a\x45\xdf\xa3',
    '\0\0\0\x18ftypavif',
    'MZ',
    '<?xml',
  ]
  let seed = 7
  const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648)
  for (const head of heads) {
    for (let round = 0; round < 20; round++) {
      const tail = Buffer.from(Array.from({ length: next() % 400 }, () => (next() >> 8) % 256))
      const file = await inspect(Buffer.concat([Buffer.from(head, 'latin1'), tail]), 'x', '')
      expect(file.kind).toMatch(/^(image|audio|video|pdf|text|other)$/)
    }
  }
})
