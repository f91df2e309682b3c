// Content-Transfer-Encoding, undone. What breaks the rules is kept as it stands.

export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  const name = /[\w-]+/.exec(encoding.replace(/\([^)]*\)/g, '').toLowerCase())?.[0] ?? ''
  if (name === 'base64') return decodeBase64(body)
  if (name === 'quoted-printable') return decodeQuotedPrintable(body)
  if (/^(?:x-)?uu(?:encode|e)?$/.test(name)) return decodeUu(body) ?? body
  return body
}

/** Padding may stand in the middle: some programs encode line by line. What follows the code in plain words is left out. */
function decodeBase64(body: Buffer): Buffer {
  const text = body.toString('latin1')
  if (!text.includes('=')) return Buffer.from(text, 'base64')
  const units = text.split(/=[=\s]*/)
  const filled = units.filter((unit) => unit.trim() !== '')
  if (filled.length === 1) return Buffer.from(filled[0]!, 'base64')
  // After the first padding only whole units count: a footer that a list put below is no code.
  return Buffer.concat(
    filled
      .filter((unit, index) => index === 0 || /^[A-Za-z0-9+/\s]+$/.test(unit))
      .map((unit) => Buffer.from(unit, 'base64')),
  )
}

function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length)
  let length = 0
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!
    if (byte !== 0x3d) {
      out[length++] = byte
      continue
    }
    const high = hexDigit(body[at + 1])
    const low = hexDigit(body[at + 2])
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low
      at += 2
      continue
    }
    const after = softBreak(body, at + 1)
    if (after > 0) at = after - 1
    else out[length++] = byte
  }
  return out.subarray(0, length)
}

/** After a line break that was only put there for the way, with the blanks that some put before it; 0 if there is none. */
function softBreak(body: Buffer, from: number): number {
  let at = from
  while (at < from + 80 && (body[at] === 0x20 || body[at] === 0x09)) at++
  if (at >= body.length) return body.length
  if (body[at] === 13 && body[at + 1] === 10) return at + 2
  return body[at] === 10 || body[at] === 13 ? at + 1 : 0
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1
}

/** `begin 644 name` to `end`; null where that is not what stands there. */
function decodeUu(body: Buffer): Buffer | null {
  const lines = body.toString('latin1').split(/\r?\n/)
  const begin = lines.findIndex((line) => /^begin [0-7]{3,4} /.test(line))
  if (begin < 0) return null
  const chunks: Buffer[] = []
  for (const line of lines.slice(begin + 1)) {
    if (/^end\s*$/.test(line)) break
    const size = (line.charCodeAt(0) - 32) & 63
    if (line === '' || size === 0) continue
    const out = Buffer.alloc(Math.ceil(size / 3) * 3)
    for (let group = 0; group * 3 < size; group++) {
      const [a, b, c, d] = [1, 2, 3, 4].map((offset) => ((line.charCodeAt(group * 4 + offset) || 32) - 32) & 63)
      out.set([(a! << 2) | (b! >> 4), ((b! & 15) << 4) | (c! >> 2), ((c! & 3) << 6) | d!], group * 3)
    }
    chunks.push(out.subarray(0, size))
  }
  return Buffer.concat(chunks)
}
