// Bytes as words. Labels are wrong in a share of all mail that people notice, so the bytes have a say: what is UTF-8 is
// UTF-8 whatever a Latin label says, and what can't be what it claims is read as what it looks like.

const decoders = new Map<string, TextDecoder | null>()
const MOST_LABELS = 200

const aliases: Readonly<Record<string, string>> = {
  utf7: 'utf-7',
  unicode11utf7: 'utf-7',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  windows932: 'shift_jis',
  windows31j: 'shift_jis',
  shiftjis: 'shift_jis',
  cp936: 'gbk',
  windows936: 'gbk',
  gb2312: 'gb18030',
  cp949: 'euc-kr',
  windows949: 'euc-kr',
  ksc5601: 'euc-kr',
  cp950: 'big5',
  tis620: 'windows-874',
  iso2022jp1: 'iso-2022-jp',
  iso2022jp2: 'iso-2022-jp',
  iso2022jpms: 'iso-2022-jp',
  eucjp: 'euc-jp',
  iso88598i: 'iso-8859-8',
  utf8mb4: 'utf-8',
  ascii: 'us-ascii',
  ansix341968: 'us-ascii',
}

/** A decoder of the platform for a label as mail writes them; null where there is none. */
function decoderOf(label: string): TextDecoder | null {
  const known = decoders.get(label)
  if (known !== undefined) return known
  const plain = label.replace(/^(?:x-|cs)/, '').replace(/[\s_.-]/g, '')
  let decoder: TextDecoder | null = null
  for (const name of [aliases[plain], label, label.replace(/^x-/, ''), plain]) {
    if (name === undefined || decoder) continue
    try {
      decoder = new TextDecoder(name, { ignoreBOM: false })
    } catch {
      // Not one of the platform's.
    }
  }
  if (decoders.size < MOST_LABELS) decoders.set(label, decoder)
  return decoder
}

/** @param label the charset that was claimed, if any. Never throws; the result may hold U+FFFD and U+0000. */
export function decodeText(bytes: Uint8Array, label?: string | null): string {
  const claimed = (label ?? '')
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '')
    .slice(0, 40)
  if (isAscii(bytes)) {
    if (/^(?:x-)?(?:unicode-1-1-)?utf-?7$/.test(claimed)) return decodeUtf7(Buffer.from(bytes).toString('latin1'))
    const escapes =
      /2022|^hz/.test(claimed) || claimed === '' || claimed === 'us-ascii' ? hasJapaneseEscapes(bytes) : false
    if (escapes) return decoderOf('iso-2022-jp')!.decode(bytes)
    if (!/utf-?16|ucs-?2|2022/.test(claimed)) return Buffer.from(bytes).toString('latin1')
  }
  const isUnicode = claimed === '' || /^utf-?8|^us-ascii$|^ascii$|unknown|^default/.test(claimed)
  const isLatin = isUnicode || /8859-1$|8859-15$|1252$|^latin-?1$/.test(claimed)
  const utf8 = isLatin ? asUtf8(bytes) : null
  if (utf8 !== null) return utf8
  if (!isUnicode) {
    const decoder = decoderOf(claimed)
    if (decoder) return decoder.decode(bytes)
  }
  // Nearly UTF-8, cut or damaged in a place or two: what is whole stays.
  if (isUnicode && claimed !== '') {
    const damaged = decoderOf('utf-8')!.decode(bytes)
    const lost = damaged.split('\uFFFD').length - 1
    const kept = damaged.replace(/[\0-\x7f\uFFFD]/g, '').length
    if (lost * 10 <= kept) return damaged
  }
  return decoderOf(guess(bytes))!.decode(bytes)
}

function asUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! >= 0x80) return false
  return true
}

function hasJapaneseEscapes(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return text.includes('\x1b$B') || text.includes('\x1b$@')
}

/** What bytes that are no UTF-8 look like, by the first 64 KiB: Cyrillic, Korean, Chinese, or the West. */
function guess(bytes: Uint8Array): string {
  const end = Math.min(bytes.length, 65_536)
  let [high, paired, letters, upper, lower, hangul] = [0, 0, 0, 0, 0, 0]
  for (let at = 0; at < end; at++) {
    const byte = bytes[at]!
    if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) letters++
    if (byte < 0x80) continue
    high++
    if (byte >= 0xc0 && byte <= 0xdf) lower++
    if (byte >= 0xe0) upper++
    const next = bytes[at + 1] ?? 0
    if (byte >= 0xa1 && next >= 0xa1) {
      paired += 2
      high++
      if (byte >= 0xb0 && byte <= 0xc8) hangul += 2
      if (next >= 0xc0 && next <= 0xdf) lower++
      if (next >= 0xe0) upper++
      at++
    }
  }
  // Words of Cyrillic stand in runs too, but all of their letters lie in the upper quarter.
  if (high > 20 && lower + upper > high * 0.95 && high > letters) return lower > upper ? 'koi8-r' : 'windows-1251'
  if (high > 8 && paired > high * 0.9) return hangul > paired * 0.8 ? 'euc-kr' : 'gb18030'
  return 'windows-1252'
}

/** RFC 2152: `+` opens base64 of UTF-16, `-` or anything else that is no base64 closes it, `+-` is a plus. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)(-?)/g, (whole, coded: string, dash: string) => {
    if (coded === '') return dash ? '+' : whole
    const units = Buffer.from(coded, 'base64')
    return new TextDecoder('utf-16be').decode(units.subarray(0, units.length - (units.length % 2)))
  })
}
