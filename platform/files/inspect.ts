// What a file is, found in its bytes. The name and type that came with it are claims of a stranger.
import { fileTypeFromBuffer, supportedExtensions } from 'file-type'
import { safeFilename } from '../http/sanitise.ts'
import { defaultMaxPixels, isImageType, reencodeImage } from './images.ts'

export type FileKind = 'image' | 'audio' | 'video' | 'pdf' | 'text' | 'other'

export interface InspectedFile {
  /** Of `reencoded` where there is one, otherwise of the bytes as they came. Never the claimed one. */
  type: string
  kind: FileKind
  /** A name that is safe to show and to save, whose extension does not contradict the type. */
  name: string
  /** The only form in which a picture is shown. Without it a file is an attachment, whatever it is. */
  reencoded?: Buffer
  width: number | null
  height: number | null
  /** Why a picture is kept as an attachment only. */
  problem: 'too_many_pixels' | 'undecodable' | null
  /** The claim did not fit the bytes: worth a hint to the reader. */
  claimWasWrong: boolean
}

/** Archives are looked at, never unpacked: file-type reads single small entries, and no more memory than this for them. */
const sniffBytes = 4 * 1024 * 1024

/** Pure but for the time that pictures take. Never throws for what the file contains. */
export async function inspect(
  bytes: Uint8Array,
  claimedName: string,
  claimedType: string,
  limits: { maxPixels?: number } = {},
): Promise<InspectedFile> {
  const found = await sniff(bytes)
  const claimed = claimedType.split(';')[0]!.trim().toLowerCase()
  const file: InspectedFile = {
    type: found.type,
    kind: kindOf(found.type),
    name: fittingName(safeFilename(claimedName), found),
    width: null,
    height: null,
    problem: null,
    claimWasWrong: claimed !== '' && claimed !== 'application/octet-stream' && !isSameFamily(claimed, found.type),
  }
  if (!isImageType(found.type)) return file
  const image = await reencodeImage(bytes, found.type, limits.maxPixels ?? defaultMaxPixels)
  if (!image.ok) return { ...file, kind: 'other', problem: image.reason }
  return {
    ...file,
    type: image.type,
    kind: 'image',
    name: withExtension(file.name, image.extension, found.extension),
    reencoded: image.bytes,
    width: image.width,
    height: image.height,
  }
}

interface Found {
  type: string
  extension: string
}

async function sniff(bytes: Uint8Array): Promise<Found> {
  const found = await fileTypeFromBuffer(bytes, { maxBufferSize: sniffBytes }).catch(() => undefined)
  // Markup is text to us: it may be SVG or a page, and is neither shown nor run.
  if (found && found.mime !== 'application/xml') return { type: found.mime, extension: found.ext }
  if (isText(bytes)) return { type: 'text/plain', extension: 'txt' }
  return { type: 'application/octet-stream', extension: 'bin' }
}

/** UTF-8 without control characters other than those of plain text. An empty file is text. */
function isText(bytes: Uint8Array): boolean {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return false
  }
  return !/(?![\t\n\f\r])\p{Cc}/u.test(text)
}

function kindOf(type: string): FileKind {
  if (type === 'text/plain') return 'text'
  if (type === 'application/pdf') return 'pdf'
  if (type.startsWith('audio/')) return 'audio'
  if (type.startsWith('video/')) return 'video'
  // Pictures become `image` only once they were written anew.
  return 'other'
}

function isSameFamily(claimed: string, found: string): boolean {
  if (found === 'text/plain') return claimed.startsWith('text/') || /json|xml|javascript|csv|yaml/.test(claimed)
  if (claimed === found || claimed.replace('/x-', '/') === found.replace('/x-', '/')) return true
  const [family] = claimed.split('/')
  return (family === 'audio' || family === 'video') && /^(?:audio|video)\//.test(found)
}

/**
 * Text keeps the extension that people gave it (`.csv`, `.html`), unless it is one of a format whose bytes we would know.
 * Anything that we know gets its own extension appended when the name claims another.
 */
function fittingName(name: string, found: Found): string {
  const claimed = extensionOf(name)
  if (found.extension === 'bin') return name
  if (found.extension === 'txt')
    return claimed !== '' && supportedExtensions.has(claimed) && claimed !== 'xml' ? safeFilename(`${name}.txt`) : name
  return isExtensionOf(claimed, found) ? name : safeFilename(`${name}.${found.extension}`)
}

function isExtensionOf(claimed: string, found: Found): boolean {
  if (claimed === found.extension) return true
  const same: Record<string, readonly string[]> = {
    jpg: ['jpeg', 'jpe', 'jfif'],
    mp4: ['m4v', 'm4a'],
    mpga: ['mp3'],
    mp3: ['mpga'],
    ogg: ['oga', 'ogv', 'opus'],
    tif: ['tiff'],
    mid: ['midi'],
    gz: ['tgz'],
    cfb: ['doc', 'xls', 'ppt', 'msg', 'msi'],
    // Formats that are zip archives inside and not told apart in every case.
    zip: ['docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'epub', 'pages', 'numbers', 'key'],
  }
  return same[found.extension]?.includes(claimed) ?? false
}

function withExtension(name: string, extension: string, before: string): string {
  const claimed = extensionOf(name)
  if (isExtensionOf(claimed, { type: '', extension })) return name
  const isOld = isExtensionOf(claimed, { type: '', extension: before })
  return safeFilename(`${isOld ? name.slice(0, -claimed.length - 1) : name}.${extension}`)
}

function extensionOf(name: string): string {
  return /[^.]\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}
